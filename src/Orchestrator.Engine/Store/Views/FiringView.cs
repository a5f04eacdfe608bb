using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store.Views;

/// <summary>What became of an instant of a series.</summary>
public sealed record FiringView
{
    public DateTimeOffset At { get; init; }

    /// <summary>The run; null = it was skipped.</summary>
    public long? Job { get; init; }

    public JobPhase? Phase { get; init; }

    public string Why { get; init; } = "";
}
