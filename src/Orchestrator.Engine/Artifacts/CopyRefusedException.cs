namespace Orchestrator.Engine.Artifacts;

/// <summary>The checkpoint is not there, or not what its manifest says: copying it again would change nothing.</summary>
public sealed class CopyRefusedException(string message) : Exception(message);
