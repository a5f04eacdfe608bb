using System.Collections.Immutable;
using Orchestrator.Jobs;

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

    /// <summary>Without what this job's own instance has lived so far: whoever judges it by its age would count that twice.</summary>
    public MarketMemory WithoutLifeOf(JobId? job) =>
        job is { } own && Lives.Any(life => life.LivesFor == own) ? this with { Lives = Lives.RemoveAll(life => life.LivesFor == own) } : this;
}
