namespace Orchestrator.Engine.Hosts;

/// <summary>An agent cannot be told what it is owed, and waiting does not help: a secret is gone. The message is for a person.</summary>
public sealed class OrderUnfilledException(string message, Exception? inner = null) : Exception(message, inner);
