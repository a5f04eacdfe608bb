using System.Collections.Immutable;

namespace Orchestrator.Protocol;

/// <summary>
/// All the agent needs to know of a job, resolved from the spec by the server. Paths are absolute as the spec writes them
/// (<c>/ckpt</c>); without a container the agent places each below the instance's root.
/// </summary>
public sealed record TrainerOrder
{
    public required string JobId { get; init; }

    public required string JobName { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Key prefix the attempt may write below, with trailing slash.</summary>
    public required string AttemptPrefix { get; init; }

    /// <summary>What to execute: argv, no further expansion.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Script run once per attempt before the trainer, with the same shell; null = none.</summary>
    public ImmutableArray<string>? Setup { get; init; }

    public TimeSpan SetupTimeout { get; init; } = TimeSpan.FromMinutes(30);

    public string? WorkingDir { get; init; }

    /// <summary>The spec's <c>env</c>.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Secrets by variable; only in StartTrainer, only into the trainer's environment, never to disk, argv or logs.</summary>
    public ImmutableSortedDictionary<string, string> Secrets { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Code and data to place before the start.</summary>
    public ImmutableArray<StageSource> Sources { get; init; } = [];

    /// <summary>Null = <c>checkpoints: none</c>.</summary>
    public CheckpointOrder? Checkpoints { get; init; }

    public ImmutableArray<OutputOrder> Outputs { get; init; } = [];

    public ProgressOrder Progress { get; init; } = new();

    /// <summary>.NET regular expressions (no backtracking) of the spec's rules over the log, for <see cref="TrainerEnded.Marked"/>. Since 1.4.</summary>
    public ImmutableArray<string> LogMarks { get; init; } = [];

    public string DataDir { get; init; } = "/data";

    public string OutputDir { get; init; } = "/out";

    public int GpuCount { get; init; }

    public string GpuModel { get; init; } = "";

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Signal sent first on drain, e.g. <c>SIGTERM</c>.</summary>
    public string DrainSignal { get; init; } = "SIGTERM";

    /// <summary>Bytes of log kept on the host; beyond it the oldest are dropped there (they are stored by then).</summary>
    public long LogBytes { get; init; } = 256L << 20;
}
