namespace Orchestrator.Engine.Store.Views;

public sealed record AlertView
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public string Kind { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Text { get; init; } = "";

    /// <summary>Null = its cause still holds.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Null = it waits for a person, unless it is resolved.</summary>
    public DateTimeOffset? DismissedAt { get; init; }

    public string? DismissedBy { get; init; }
}
