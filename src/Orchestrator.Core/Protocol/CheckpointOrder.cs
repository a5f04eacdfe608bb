using System.Collections.Immutable;

namespace Orchestrator.Protocol;

/// <summary>How the agent finds, asks for and resumes checkpoints.</summary>
public sealed record CheckpointOrder
{
    /// <summary>The checkpoint folder.</summary>
    public required string Path { get; init; }

    /// <summary>Globs (relative to <see cref="Path"/>) of what is one entry; a folder counts as one.</summary>
    public ImmutableArray<string> Include { get; init; } = ["*"];

    public ImmutableArray<string> Exclude { get; init; } = [];

    public CompletionKind Completion { get; init; }

    /// <summary>Quiet time for <see cref="CompletionKind.Settle"/>.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Marker file inside the entry (or beside a file, with this suffix) for <see cref="CompletionKind.Marker"/>.</summary>
    public string? Marker { get; init; }

    /// <summary>Signal that asks the trainer for a checkpoint; null = it cannot be asked by signal.</summary>
    public string? RequestSignal { get; init; }

    /// <summary>File whose creation asks for one; null = cannot.</summary>
    public string? RequestFile { get; init; }

    /// <summary>Ask this often; null = the trainer has its own rhythm.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>Appended to the command on resume, <c>{path}</c> replaced by the restored entry's path.</summary>
    public string? ResumeArgs { get; init; }
}
