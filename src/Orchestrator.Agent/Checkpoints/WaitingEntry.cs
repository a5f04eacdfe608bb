namespace Orchestrator.Agent.Checkpoints;

/// <summary>An entry that is to be stored.</summary>
/// <param name="Snapshot">As it was when it was complete.</param>
/// <param name="Step">Of the trainer.</param>
/// <param name="Number">In the order in which they were found complete; no clock, which may jump.</param>
internal sealed record WaitingEntry(EntrySnapshot Snapshot, long? Step, long Number);
