using Microsoft.Extensions.Logging;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Lambda;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Lambda, with one setting of what nobody has confirmed about it.</summary>
public abstract class LambdaConformance : AccountConformance
{
    private readonly LambdaEmulator _lambda;

    protected LambdaConformance(LambdaSwitches switches)
    {
        _lambda = new LambdaEmulator(Clock) { Key = Key, Switches = switches };
        _lambda.Add(new LambdaTypeEntry { Stock = new Dictionary<string, int> { ["us-west-1"] = 4 } });
    }

    protected override IEmulatedApi Emulator => _lambda;

    protected override string Account => "lambda";

    protected override (string Method, string Path) Create => ("POST", "api/v1/instance-operations/launch");

    protected override (string Method, string Path) Destroy => ("POST", "api/v1/instance-operations/terminate");

    protected override (string Method, string Path) Market => ("GET", "api/v1/instance-types");

    protected override string List => "api/v1/instances";

    protected override string OfAccount => "api/v1/ssh-keys";

    protected override string? Charges => null;

    protected override string Failure(int status, string words) => $$$"""{"error":{"code":"global/something-new","message":"{{{words}}}","suggestion":null}}""";

    protected override IProvider Make(ApiOptions api, ApiClient client, ILoggerFactory log) =>
        new LambdaProvider(new LambdaOptions { Api = api }, client, new ThrowawayKeys(), Clock, log.CreateLogger<LambdaProvider>());

    protected override void LoseNextReply() => _lambda.FailNext("POST", "api/v1/instance-operations/launch", LambdaFault.AnswerLost);

    protected override void RefuseNextCreate() => _lambda.FailNext("POST", "api/v1/instance-operations/launch", LambdaFault.NoCapacity);

    protected override void FailNextList() => _lambda.FailNext("GET", "api/v1/instances", LambdaFault.BadGateway);

    protected override Task KillAsync(string instanceId)
    {
        _lambda.Preempt(instanceId);
        return Task.CompletedTask;
    }
}
