namespace Orchestrator.Server.Api;

/// <summary>What the same hours would have cost on demand. In dollars.</summary>
/// <param name="Cost">At the on-demand prices that were seen at the time; null = none was seen.</param>
/// <param name="Instead">What the same instances have cost within the period.</param>
/// <param name="Compared">How many they are.</param>
/// <param name="Unknown">Instances for whose cards and hours no such price was seen; in neither sum.</param>
/// <param name="How">How it was computed.</param>
public sealed record ReportOnDemand(decimal? Cost, decimal Instead, int Compared, int Unknown, string How);
