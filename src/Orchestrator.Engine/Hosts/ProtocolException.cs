namespace Orchestrator.Engine.Hosts;

/// <summary>An agent said something no agent of ours says.</summary>
public sealed class ProtocolException(string message, Exception? inner = null) : Exception(message, inner);
