using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>A row of the job list. Money in dollars.</summary>
public record JobSummary
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>pending, scheduled, waiting, active, recovering, paused, succeeded, failed, cancelled, deadline-missed.</summary>
    public required string State { get; init; }

    /// <summary>Why it is in its state, one line.</summary>
    public required string Reason { get; init; }

    /// <summary>The current attempt's phase in the same spelling; null without one.</summary>
    public string? Phase { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Since when it is in its state; the end of an ended job.</summary>
    public DateTimeOffset Since { get; init; }

    public StepProgress? Progress { get; init; }

    /// <summary>Expected end while it trains and its speed is known; the end when it has ended.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Provider, GPU and host of the current attempt; null without one.</summary>
    public string? Where { get; init; }

    /// <summary>Its host is kept for a look after the job has failed; null = it is not.</summary>
    public KeptHost? Kept { get; init; }

    /// <summary>Dollars per hour now; null when nothing is rented.</summary>
    public decimal? PricePerHour { get; init; }

    public decimal Cost { get; init; }

    /// <summary>Most it may cost; null = no limit.</summary>
    public decimal? Budget { get; init; }

    public CheckpointAtStep? LastCheckpoint { get; init; }

    public int Interruptions { get; init; }

    /// <summary>How many attempts it has had, the one that runs among them.</summary>
    public int AttemptCount { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>By then it must be on its way where nobody takes it away; null = no such offer makes the deadline, or nobody knows.</summary>
    public DateTimeOffset? MustStartBy { get; init; }

    /// <summary>By how much the fastest way is expected to miss the deadline; null = it can be made, or nobody knows.</summary>
    public double? MissedBySeconds { get; init; }

    /// <summary>Null = it belongs to none.</summary>
    public BatchPlace? Batch { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
