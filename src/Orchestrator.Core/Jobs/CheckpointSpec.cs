using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>Where the trainer writes checkpoints, when an entry counts as complete, and what is kept.</summary>
public sealed record CheckpointSpec
{
    /// <summary>Absolute container path of the checkpoint folder.</summary>
    public required string Path { get; init; }

    public CheckpointFormat Format { get; init; } = CheckpointFormat.Auto;

    /// <summary>Globs of the entries (files or folders directly below <see cref="Path"/>) that are checkpoints.</summary>
    public required ImmutableArray<string> Include { get; init; }

    /// <summary>Globs of entries that are not.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    public required CompletionRule Complete { get; init; }

    /// <summary>Appended to the command when resuming; <c>{path}</c> stands for the restored entry.</summary>
    public string? ResumeArgs { get; init; }

    /// <summary>How to ask the trainer for a checkpoint now; null when it cannot be asked.</summary>
    public CheckpointRequest? Request { get; init; }

    public CheckpointRhythm Every { get; init; } = CheckpointRhythm.Trainer;

    public DrainRule OnDrain { get; init; } = new();

    /// <summary>How many verified checkpoints stay in the store while the job lives.</summary>
    public int Keep { get; init; } = 3;

    public AfterSuccess AfterSuccess { get; init; } = AfterSuccess.KeepLast;

    /// <summary>store[/prefix]; null is the default store.</summary>
    public string? To { get; init; }

    /// <summary>job://name[@step] or s3://...: the first attempt starts from it.</summary>
    public string? StartFrom { get; init; }

    /// <summary>Null is three times the rhythm.</summary>
    public TimeSpan? MaxAgeAlert { get; init; }
}
