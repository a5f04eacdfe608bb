namespace Orchestrator.Agent.Staging;

/// <summary>A path that would leave the place it belongs to.</summary>
internal sealed class RefusedPathException(string message) : Exception(message);
