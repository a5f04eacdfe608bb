using Orchestrator.Emulators;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.RunPod;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Over the emulator, by its address. Nothing stands behind its instances yet.</summary>
public sealed class RunPodProviderConformance : ProviderConformance
{
    private const string Key = "rpa_conformance";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly RunPodEmulator _runPod = new(TimeProvider.System, new NoBackend())
    {
        Key = Key,
        Switches = new RunPodSwitches { Provisioning = TimeSpan.Zero, Pulling = TimeSpan.Zero, Opening = TimeSpan.Zero, Quotas = new RunPodQuotas() },
    };

    private EmulatorServer? _server;
    private RunPodProvider? _provider;

    protected override IProvider Provider => _provider!;

    public override async Task InitializeAsync()
    {
        _runPod.Add(new RunPodCardEntry());
        for (var host = 1; host <= 4; host++)
        {
            _runPod.Add(new RunPodHost { Id = host });
        }

        _server = await EmulatorServer.StartAsync(_runPod);
        var api = new ApiOptions { BaseAddress = _server.Address };
        _provider = new RunPodProvider(new RunPodOptions { Api = api }, new ApiClient(_http, "runpod", () => Key, api, new NoPacer()), new ThrowawayKeys(), TimeProvider.System);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _provider!.Dispose();
        await _server!.DisposeAsync();
        _http.Dispose();
    }

    protected override void LoseNextReply() => _runPod.FailNext("POST", "v2/pods", RunPodFault.AnswerLost);

    protected override void RefuseNextCreate() => _runPod.FailNext("POST", "v2/pods", RunPodFault.NoCapacity);

    protected override void FailNextList() => _runPod.FailNext("GET", "v2/pods", RunPodFault.BadGateway);

    protected override Task KillAsync(string instanceId)
    {
        _runPod.LoseHost(instanceId);
        return Task.CompletedTask;
    }
}
