namespace Orchestrator.Batches;

/// <summary>A job could begin but for its batch.</summary>
public sealed record BatchWait(BatchHoldKind For);
