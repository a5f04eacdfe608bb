namespace Orchestrator.Agent.Journal;

/// <param name="Seq">Number of the event.</param>
/// <param name="Event">The event as JSON, as it goes over the wire.</param>
internal sealed record JournalEntry(long Seq, byte[] Event);
