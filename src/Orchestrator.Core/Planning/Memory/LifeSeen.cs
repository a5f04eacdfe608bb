using Orchestrator.Jobs;

namespace Orchestrator.Planning.Memory;

/// <summary>How long an instance lived and whether its infrastructure ended it.</summary>
/// <param name="Place">Where.</param>
/// <param name="At">When it ended, or now for one that lives.</param>
/// <param name="Lived">Since it was ready.</param>
/// <param name="Interrupted">False = we ended it, or it still lives: it would have lived longer.</param>
public sealed record LifeSeen(Place Place, DateTimeOffset At, TimeSpan Lived, bool Interrupted)
{
    /// <summary>The job it lives for; null = it has ended.</summary>
    public JobId? LivesFor { get; init; }
}
