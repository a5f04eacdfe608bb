namespace Orchestrator.Agent.Progress;

/// <summary>What one line tells; what it does not tell is null.</summary>
internal sealed record ProgressReading(long? Step, long? Total, IReadOnlyList<(string Name, double Value)> Metrics)
{
    public static readonly IReadOnlyList<(string, double)> NoMetrics = [];
}
