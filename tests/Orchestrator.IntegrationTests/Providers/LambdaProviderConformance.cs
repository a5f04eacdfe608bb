using Orchestrator.Emulators;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Lambda;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Over the emulator, by its address. Nothing stands behind its machines.</summary>
public sealed class LambdaProviderConformance : ProviderConformance
{
    private const string Key = "conformance-key";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly LambdaEmulator _lambda = new(TimeProvider.System) { Key = Key, Switches = new LambdaSwitches { Booting = TimeSpan.Zero, Terminating = TimeSpan.Zero, TerminatedShown = TimeSpan.Zero } };

    private EmulatorServer? _server;
    private LambdaProvider? _provider;

    protected override IProvider Provider => _provider!;

    public override async Task InitializeAsync()
    {
        _lambda.Add(new LambdaTypeEntry { Stock = new Dictionary<string, int> { ["us-west-1"] = 4 } });
        _server = await EmulatorServer.StartAsync(_lambda);
        var api = new ApiOptions { BaseAddress = _server.Address };
        _provider = new LambdaProvider(new LambdaOptions { Api = api }, new ApiClient(_http, "lambda", () => Key, api, new NoPacer()), new ThrowawayKeys(), TimeProvider.System);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _provider!.Dispose();
        await _server!.DisposeAsync();
        _http.Dispose();
    }

    protected override void LoseNextReply() => _lambda.FailNext("POST", "api/v1/instance-operations/launch", LambdaFault.AnswerLost);

    protected override void RefuseNextCreate() => _lambda.FailNext("POST", "api/v1/instance-operations/launch", LambdaFault.NoCapacity);

    protected override void FailNextList() => _lambda.FailNext("GET", "api/v1/instances", LambdaFault.BadGateway);

    protected override Task KillAsync(string instanceId)
    {
        _lambda.Preempt(instanceId);
        return Task.CompletedTask;
    }
}
