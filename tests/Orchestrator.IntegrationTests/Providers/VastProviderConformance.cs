using Orchestrator.Emulators.Vast;

namespace Orchestrator.IntegrationTests.Providers;

public sealed class VastProviderConformance() : VastConformance(Settings)
{
    /// <summary>As the contract paper chose, and everything at once.</summary>
    public static VastSwitches Settings => new() { Provisioning = TimeSpan.Zero, Creating = TimeSpan.Zero, Loading = TimeSpan.Zero, Opening = TimeSpan.Zero };
}
