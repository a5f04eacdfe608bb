using Microsoft.Extensions.Logging;
using Orchestrator.Emulators;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.RunPod;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>RunPod, with one setting of what nobody has confirmed about it.</summary>
public abstract class RunPodConformance : AccountConformance
{
    private readonly RunPodEmulator _runPod;

    protected RunPodConformance(RunPodSwitches switches)
    {
        _runPod = new RunPodEmulator(Clock, new NoBackend()) { Key = Key, Switches = switches };
        _runPod.Add(new RunPodCardEntry());
        for (var host = 1; host <= 4; host++)
        {
            _runPod.Add(new RunPodHost { Id = host });
        }
    }

    protected override IEmulatedApi Emulator => _runPod;

    protected override string Account => "runpod";

    protected override (string Method, string Path) Create => ("POST", "v2/pods");

    protected override (string Method, string Path) Destroy => ("DELETE", "v2/pods/");

    protected override (string Method, string Path) Market => ("GET", "v2/catalog/gpus");

    protected override string List => "v2/pods";

    protected override string OfAccount => "v2/pods";

    protected override string? Charges => "v2/billing/pods";

    protected override string Failure(int status, string words) => $$"""{"title":"Refused","status":{{status}},"detail":"{{words}}"}""";

    protected override IProvider Make(ApiOptions api, ApiClient client, ILoggerFactory log) =>
        new RunPodProvider(new RunPodOptions { Api = api }, client, new ThrowawayKeys(), Clock, log.CreateLogger<RunPodProvider>());

    protected override void LoseNextReply() => _runPod.FailNext("POST", "v2/pods", RunPodFault.AnswerLost);

    /// <summary>With the newest driver, and with any.</summary>
    protected override void RefuseNextCreate()
    {
        _runPod.FailNext("POST", "v2/pods", RunPodFault.NoCapacity);
        _runPod.FailNext("POST", "v2/pods", RunPodFault.NoCapacity);
    }

    protected override void FailNextList() => _runPod.FailNext("GET", "v2/pods", RunPodFault.BadGateway);

    protected override Task KillAsync(string instanceId)
    {
        _runPod.LoseHost(instanceId);
        return Task.CompletedTask;
    }
}
