namespace Orchestrator.Protocol;

/// <summary>Pre-flight; answered by <see cref="HostChecked"/>.</summary>
public sealed record CheckHost : AgentCommand
{
    /// <summary>Least free disk in bytes.</summary>
    public long DiskBytes { get; init; }

    public int Gpus { get; init; }
}

/// <summary>Fetch code, data and the checkpoint; answered by <see cref="FilesStaged"/> or <see cref="StageRefused"/>.</summary>
public sealed record StageFiles : AgentCommand
{
    /// <summary>Manifest of the checkpoint to restore; null = start from nothing.</summary>
    public string? RestoreManifestKey { get; init; }

    /// <summary>Filled in by the server as it sends: the kernel does not know the spec, and secrets never lie in the database's command rows.</summary>
    public TrainerOrder? Order { get; init; }
}

/// <summary>Run setup, then the trainer; answered by <see cref="TrainerStarted"/> (or its end).</summary>
public sealed record StartTrainer : AgentCommand
{
    /// <summary>As in <see cref="StageFiles.Order"/>; with secrets.</summary>
    public TrainerOrder? Order { get; init; }
}

/// <summary>Ask the trainer for a checkpoint now; answered by <see cref="SaveDone"/> once one newer than the request is stored, or cannot be had.</summary>
public sealed record SaveNow(long Request) : AgentCommand
{
    /// <summary>How long to wait for it; null = as long as the agent finds right.</summary>
    public TimeSpan? Within { get; init; }
}

/// <summary>Signal the trainer, wait the grace, kill it, flush the newest checkpoint, store due outputs; answered by <see cref="DrainDone"/>. Also sent after the trainer has exited by itself.</summary>
public sealed record DrainTrainer(TimeSpan Grace) : AgentCommand
{
    /// <summary>It hangs: first write down where each of its threads stands, in its log and in <see cref="DrainDone.Stacks"/>. Since 1.4.</summary>
    public bool Stacks { get; init; }
}

/// <summary>Let go of a checkpoint's objects; answered by <see cref="RetireDone"/>.</summary>
public sealed record RetireCheckpoint(string ManifestKey) : AgentCommand;

/// <summary>Delete data, code, checkpoints, caches and history; answered by <see cref="HostCleaned"/>.</summary>
public sealed record CleanHost : AgentCommand
{
    /// <summary>Pinned data stays, for another job of the batch. Agents of older releases delete it all the same.</summary>
    public bool KeepData { get; init; }
}

/// <summary>End supervisor and agent.</summary>
public sealed record StopAgent : AgentCommand;
