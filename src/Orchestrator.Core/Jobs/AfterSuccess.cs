namespace Orchestrator.Jobs;

/// <summary>What becomes of the checkpoints of a job that succeeded.</summary>
public enum AfterSuccess
{
    KeepLast,
    Keep,
    Delete,
}
