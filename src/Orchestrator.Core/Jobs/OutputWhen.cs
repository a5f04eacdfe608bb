namespace Orchestrator.Jobs;

/// <summary>When outputs are delivered at the end of a job.</summary>
public enum OutputWhen
{
    Success,
    /// <summary>Also when the job failed or was cancelled.</summary>
    Always,
}
