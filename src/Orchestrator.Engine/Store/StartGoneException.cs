using Orchestrator.Checkpoints;

namespace Orchestrator.Engine.Store;

/// <summary>The checkpoint that a job was to begin from has left the other job's books meanwhile: nothing was submitted.</summary>
public sealed class StartGoneException(StartCopy start) : Exception($"{start?.Words} was removed from the store by its job's retention just now");
