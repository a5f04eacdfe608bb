using System.Collections.Immutable;

namespace Orchestrator.Protocol;

/// <param name="Refusal">Null = the host will do; else what is missing.</param>
/// <param name="Facts">One line of what was measured.</param>
public sealed record HostChecked(string? Refusal, string Facts) : AgentEvent;

/// <param name="RestoredManifestKey">What was restored, null = nothing.</param>
/// <param name="Bytes">Bytes moved.</param>
public sealed record FilesStaged(string? RestoredManifestKey, long Bytes) : AgentEvent
{
    /// <summary>What came over the line for it; null = the agent does not measure. Since 1.2.</summary>
    public LineUse? Line { get; init; }
}

/// <param name="Kind">What is wrong, which decides who is to blame.</param>
/// <param name="ManifestKey">For <see cref="StageRefusal.CheckpointDamaged"/>.</param>
/// <param name="Words">For a person.</param>
public sealed record StageRefused(StageRefusal Kind, string? ManifestKey, string Words) : AgentEvent;

public sealed record TrainerStarted(int Pid) : AgentEvent;

/// <summary>The user's command (or setup) ended by itself or by our signal.</summary>
public sealed record TrainerEnded : AgentEvent
{
    /// <summary>Exit code; 128 + signal when killed by one, as a shell says it.</summary>
    public required int ExitCode { get; init; }

    public bool InSetup { get; init; }

    /// <summary>The kernel's OOM killer took it.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>The command could not even be started: missing or not executable.</summary>
    public bool NotStarted { get; init; }

    /// <summary>Setup ran into its time-out.</summary>
    public bool TimedOut { get; init; }

    /// <summary>The host was told to go down (a container that is stopped, a shutdown) before this end: not the trainer's own, whatever its code. Since 1.2.</summary>
    public bool HostLeaves { get; init; }

    /// <summary>It failed, and the host has no space left or its last words are of that. Since 1.2.</summary>
    public bool DiskFull { get; init; }

    public long? Step { get; init; }

    /// <summary>Last lines of the log, at most 4 KiB.</summary>
    public string Tail { get; init; } = "";

    /// <summary>Lines of the log's end that a rule over it knows, also where more was written after them than the tail holds; each at most 1,000 characters. Since 1.4.</summary>
    public ImmutableArray<string> Marked { get => field.IsDefault ? [] : field; init; } = [];
}

/// <summary>The trainer was running and is gone without an exit code.</summary>
public sealed record TrainerVanished(string Words) : AgentEvent;

/// <summary>All files and, last, the manifest are in the store. A claim, until the server has verified it.</summary>
public sealed record CheckpointStored(int Ordinal, string ManifestKey, string Entry, long? Step, long Bytes, int Files, TimeSpan UploadTime) : AgentEvent
{
    /// <summary>What went over the line for it, which is less than its bytes where files were stored already; null = the agent does not measure. Since 1.2.</summary>
    public LineUse? Line { get; init; }
}

/// <summary>An entry changed while it was read, or vanished; the next one counts.</summary>
public sealed record CheckpointDiscarded(string Entry, string Words) : AgentEvent;

/// <param name="Request">The request's id.</param>
/// <param name="ManifestKey">The checkpoint that answers it; null = none, see <paramref name="Words"/>.</param>
/// <param name="Words">For a person.</param>
public sealed record SaveDone(long Request, string? ManifestKey, string Words) : AgentEvent;

public sealed record RetireDone(string ManifestKey) : AgentEvent;

/// <param name="OutputsStored">All due outputs are in the store (true when none was due).</param>
/// <param name="CheckpointFlushed">The newest complete checkpoint is in the store (true when there was none).</param>
/// <param name="Words">What is missing, for a person.</param>
public sealed record DrainDone(bool OutputsStored, bool CheckpointFlushed, string Words) : AgentEvent
{
    /// <summary>Where the trainer's threads stood, in its first lines, at most 2 KiB; the whole is in the log. Null = that was not asked, or could not be seen. Since 1.4.</summary>
    public string? Stacks { get; init; }

    /// <summary><see cref="Words"/> when nothing is missing.</summary>
    public const string AllStored = "all stored";
}

public sealed record HostCleaned(bool Wiped, string Words) : AgentEvent
{
    /// <summary>As it was asked: pinned data is still there.</summary>
    public bool KeptData { get; init; }
}

/// <summary>Something a person should see: disk full, store refusing, supervisor restarted the agent. Rate-limited by the agent.</summary>
public sealed record HostProblem(string Words) : AgentEvent;
