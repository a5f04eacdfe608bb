namespace Orchestrator.Agent.Attaching;

/// <summary>The peer does not speak our language: the connection ends, the agent lives on.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
