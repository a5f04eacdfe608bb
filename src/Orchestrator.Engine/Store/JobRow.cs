namespace Orchestrator.Engine.Store;

internal sealed record JobRow
{
    public long Id { get; init; }

    public string Owner { get; init; } = "";

    public string Labels { get; init; } = "";

    public string State { get; init; } = "";

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public long? BatchId { get; init; }

    public int? BatchNumber { get; init; }

    public string? Cell { get; init; }

    public long? RetryOf { get; init; }

    public long? BatchBudget { get; init; }

    public DateTimeOffset Now { get; init; }
}
