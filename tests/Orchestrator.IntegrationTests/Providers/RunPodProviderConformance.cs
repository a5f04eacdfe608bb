using Orchestrator.Emulators.RunPod;

namespace Orchestrator.IntegrationTests.Providers;

public sealed class RunPodProviderConformance() : RunPodConformance(Settings)
{
    /// <summary>As was observed last, and everything at once. Pages are as short as they can be.</summary>
    public static RunPodSwitches Settings => new()
    {
        PageRows = 1, Quotas = new RunPodQuotas(), Provisioning = TimeSpan.Zero, Pulling = TimeSpan.Zero, Opening = TimeSpan.Zero,
    };
}
