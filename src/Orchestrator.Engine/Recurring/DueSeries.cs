using Orchestrator.Engine.Submitting;

namespace Orchestrator.Engine.Recurring;

/// <summary>A series of which an instant has come, as the server that claimed it sees it.</summary>
public sealed record DueSeries
{
    public required SeriesId Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The spec as it was handed in.</summary>
    public required SubmitRequest Request { get; init; }

    public required string Cron { get; init; }

    public required string Zone { get; init; }

    /// <summary>The oldest instant that is not settled.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>By the database's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>A run that has not ended; null = none.</summary>
    public LiveRun? Live { get; init; }
}
