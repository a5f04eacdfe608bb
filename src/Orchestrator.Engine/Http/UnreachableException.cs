namespace Orchestrator.Engine.Http;

/// <summary>A server on the web gave no answer, after some patience; the message says why.</summary>
public sealed class UnreachableException(string message, Exception? inner = null) : Exception(message, inner);
