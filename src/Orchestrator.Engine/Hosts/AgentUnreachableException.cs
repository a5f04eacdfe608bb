namespace Orchestrator.Engine.Hosts;

public sealed class AgentUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
