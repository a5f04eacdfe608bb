namespace Orchestrator.Jobs;

/// <summary>What happens at a missed deadline.</summary>
public enum DeadlineMiss
{
    Continue,
    Stop,
}
