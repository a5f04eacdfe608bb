using Orchestrator.Protocol;

namespace Orchestrator.Agent.Staging;

/// <summary>Staging cannot succeed here, and whose fault that is.</summary>
internal sealed class StageFailedException(StageRefusal kind, string message) : Exception(message)
{
    public StageRefusal Kind { get; } = kind;
}
