using System.Collections.Immutable;

namespace Orchestrator.Planning.Memory;

/// <summary>
/// What earlier attempts taught us, as plain observations with their instants; the planner weighs them by age. All attempts
/// of an installation feed it, whatever their job.
/// </summary>
public sealed record MarketMemory
{
    public static MarketMemory Empty { get; } = new();

    public ImmutableArray<LifeSeen> Lives { get; init; } = [];

    public ImmutableArray<BootSeen> Boots { get; init; } = [];

    public ImmutableArray<FaultSeen> Faults { get; init; } = [];

    public ImmutableArray<SpeedSeen> Speeds { get; init; } = [];

    public ImmutableArray<TransferSeen> Transfers { get; init; } = [];

    public ImmutableArray<UsualScore> UsualScores { get; init; } = [];
}
