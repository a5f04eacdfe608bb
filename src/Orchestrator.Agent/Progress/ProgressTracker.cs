using System.Collections.Immutable;

namespace Orchestrator.Agent.Progress;

/// <summary>The newest progress, as the heartbeat carries it.</summary>
internal sealed class ProgressTracker
{
    public long Version { get; private set; }

    public long? Step { get; private set; }

    public long? Total { get; private set; }

    public ImmutableSortedDictionary<string, double>? Metrics { get; private set; }

    public void ReadToEnd()
    {
    }
}
