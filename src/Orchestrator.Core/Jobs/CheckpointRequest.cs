namespace Orchestrator.Jobs;

/// <summary>How to ask a trainer for a checkpoint now; exactly one is set.</summary>
public sealed record CheckpointRequest
{
    /// <summary>Signal name with SIG, for example SIGUSR1.</summary>
    public string? Signal { get; init; }

    /// <summary>Absolute container path of a file that is created to ask.</summary>
    public string? File { get; init; }
}
