using Orchestrator.Emulators;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Lambda;

namespace Orchestrator.IntegrationTests.Providers;

public sealed class LambdaProviderConformance : AccountConformance
{
    private readonly LambdaEmulator _lambda = new(TimeProvider.System) { Key = Key, Switches = new LambdaSwitches { Booting = TimeSpan.Zero, Terminating = TimeSpan.Zero, TerminatedShown = TimeSpan.Zero } };

    public LambdaProviderConformance() => _lambda.Add(new LambdaTypeEntry { Stock = new Dictionary<string, int> { ["us-west-1"] = 4 } });

    protected override IEmulatedApi Emulator => _lambda;

    protected override string Account => "lambda";

    protected override (string Method, string Path) Create => ("POST", "api/v1/instance-operations/launch");

    protected override string List => "api/v1/instances";

    protected override string Failure(int status, string words) => $$$"""{"error":{"code":"global/something-new","message":"{{{words}}}","suggestion":null}}""";

    protected override IProvider Make(ApiOptions api, ApiClient client) => new LambdaProvider(new LambdaOptions { Api = api }, client, new ThrowawayKeys(), TimeProvider.System);

    protected override void LoseNextReply() => _lambda.FailNext("POST", "api/v1/instance-operations/launch", LambdaFault.AnswerLost);

    protected override void RefuseNextCreate() => _lambda.FailNext("POST", "api/v1/instance-operations/launch", LambdaFault.NoCapacity);

    protected override void FailNextList() => _lambda.FailNext("GET", "api/v1/instances", LambdaFault.BadGateway);

    protected override Task KillAsync(string instanceId)
    {
        _lambda.Preempt(instanceId);
        return Task.CompletedTask;
    }
}
