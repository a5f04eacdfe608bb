using Orchestrator.Emulators.Lambda;

namespace Orchestrator.IntegrationTests.Providers;

public sealed class LambdaProviderConformance() : LambdaConformance(Settings)
{
    /// <summary>As the contract paper chose, and everything at once.</summary>
    public static LambdaSwitches Settings => new() { Booting = TimeSpan.Zero, Terminating = TimeSpan.Zero, TerminatedShown = TimeSpan.Zero };
}
