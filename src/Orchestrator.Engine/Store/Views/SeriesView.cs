namespace Orchestrator.Engine.Store.Views;

/// <summary>A series as it stands.</summary>
public sealed record SeriesView
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Owner { get; init; } = "";

    public string Cron { get; init; } = "";

    /// <summary>IANA zone that the fields are read in.</summary>
    public string Zone { get; init; } = "";

    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>The oldest instant that is not settled.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>Why the run that is due could not be submitted so far; null = nothing is wrong.</summary>
    public string? Trouble { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public string? StoppedBy { get; init; }
}
