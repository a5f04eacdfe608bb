namespace Orchestrator.Reconciling;

/// <summary>Where a replay came to something else than what is stored.</summary>
/// <param name="Seq">Number of the event, or, for a whole state, of the last event in it.</param>
/// <param name="Words">For a person: which kind of difference.</param>
/// <param name="Stored">What the database holds, as JSON; null = nothing.</param>
/// <param name="Replayed">What this version comes to, as JSON; null = nothing.</param>
public sealed record ReplayDifference(long Seq, string Words, string? Stored, string? Replayed);
