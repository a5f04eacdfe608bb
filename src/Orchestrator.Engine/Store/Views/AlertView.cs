namespace Orchestrator.Engine.Store.Views;

public sealed record AlertView
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public string Kind { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Text { get; init; } = "";

    /// <summary>Null = it still waits for a person.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }
}
