namespace Orchestrator.Server.Api;

/// <summary>One event of a job, for people.</summary>
/// <param name="Seq">1 for the first.</param>
/// <param name="At">Database clock.</param>
/// <param name="Kind">The event's kind without its version.</param>
/// <param name="Attempt">Which attempt it is about; null = the job.</param>
/// <param name="Why">One line.</param>
public sealed record TimelineEntry(long Seq, DateTimeOffset At, string Kind, int? Attempt, string Why)
{
    /// <summary>Of no interest to a person: only how far the agent's events were read.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsBookkeeping => Kind == "agent-events-applied";
}
