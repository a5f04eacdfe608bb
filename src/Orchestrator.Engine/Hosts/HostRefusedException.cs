using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts;

/// <summary>A machine cannot run the job's container. The message is for a person, and says what to do.</summary>
public sealed class HostRefusedException(HostFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public HostFault Fault { get; } = fault;
}
