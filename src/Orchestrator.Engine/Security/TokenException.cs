namespace Orchestrator.Engine.Security;

/// <summary>A password or token that the configuration names cannot be had; the message says what to mend.</summary>
public sealed class TokenException(string message, Exception? inner = null) : Exception(message, inner);
