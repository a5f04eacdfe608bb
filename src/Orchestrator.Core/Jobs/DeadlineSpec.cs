namespace Orchestrator.Jobs;

/// <summary>When the job must be done.</summary>
public sealed record DeadlineSpec
{
    /// <summary>The instant, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>IANA zone it was read in, or the offset as written; for showing only.</summary>
    public required string Zone { get; init; }

    public DeadlineMiss OnMiss { get; init; } = DeadlineMiss.Continue;
}
