namespace Orchestrator.Agent.Checkpoints;

/// <summary>An entry that is to be stored.</summary>
/// <param name="Snapshot">As it was when it was complete.</param>
/// <param name="Step">Of the trainer.</param>
/// <param name="Number">In the order in which they were found complete; no clock, which may jump.</param>
/// <param name="NeedsServer">It cannot be stored with what was granted for the server's absence.</param>
internal sealed record WaitingEntry(EntrySnapshot Snapshot, long? Step, long Number, bool NeedsServer = false);
