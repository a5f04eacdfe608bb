using Orchestrator.Jobs;

namespace Orchestrator.Planning.Memory;

/// <summary>How long an instance lived and whether its infrastructure ended it.</summary>
/// <param name="Place">Where.</param>
/// <param name="At">When it ended, or now for one that lives.</param>
/// <param name="Lived">Since it was ready.</param>
/// <param name="Interrupted">False = we ended it, or it still lives: it would have lived longer.</param>
public sealed record LifeSeen(Place Place, DateTimeOffset At, TimeSpan Lived, bool Interrupted)
{
    /// <summary>
    /// Interruptions per operational hour that were expected there, by its own score and bid: a host of 99 % that behaves like one
    /// says nothing about others. Null = that is not known, and what is usual for its tier stands in.
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>The job it lives for; null = it has ended.</summary>
    public JobId? LivesFor { get; init; }
}
