namespace Orchestrator.Agent.Checkpoints;

/// <summary>A file changed, vanished or cannot be read while it is being stored: what was read of it does not count.</summary>
internal sealed class ChangedException(string message) : Exception(message);
