namespace Orchestrator.Engine.Store.Views;

/// <summary>A line of a job's timeline.</summary>
public sealed record EventView
{
    public long Seq { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Kind and version, e.g. <c>attempt-planned.1</c>.</summary>
    public string Kind { get; init; } = "";

    public string Why { get; init; } = "";

    /// <summary>The event as it is stored, JSON.</summary>
    public string Body { get; init; } = "";
}
