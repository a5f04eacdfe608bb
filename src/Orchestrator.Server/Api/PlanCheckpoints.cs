namespace Orchestrator.Server.Api;

/// <param name="EverySeconds">The rhythm that is counted with.</param>
/// <param name="OptimumFromSeconds">Best from here...</param>
/// <param name="OptimumToSeconds">...to here.</param>
/// <param name="UploadSeconds">Until one is durable.</param>
/// <param name="KeepsUp">False = they are wanted faster than the host can send them.</param>
public sealed record PlanCheckpoints(double EverySeconds, double OptimumFromSeconds, double OptimumToSeconds, double UploadSeconds, bool KeepsUp)
{
    /// <summary>From one that becomes durable to the next, where a trainer makes more than the host can send; null = all of them do.</summary>
    public double? StoredEverySeconds { get; init; }

    /// <summary>Nobody knows the trainer's rhythm: a usual one stands in.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>Expected time between interruptions, which the rhythm follows from; null = the spec or the trainer decides it.</summary>
    public double? InterruptedEverySeconds { get; init; }
}
