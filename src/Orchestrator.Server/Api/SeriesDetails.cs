using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>A series: a spec with <c>schedule.cron</c>.</summary>
public sealed record SeriesDetails
{
    /// <summary><c>series-3</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Cron { get; init; }

    /// <summary>IANA zone that it is read in.</summary>
    public required string Zone { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>The instants to come, soonest first; one that is past is being submitted. Empty = it was stopped.</summary>
    public ImmutableArray<DateTimeOffset> Next { get; init; } = [];

    /// <summary>Why the run that is due could not be submitted so far; null = nothing is wrong.</summary>
    public string? Trouble { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public string? StoppedBy { get; init; }

    /// <summary>Newest first, some of them; the list of all series has none.</summary>
    public ImmutableArray<SeriesRun> Runs { get; init; } = [];
}
