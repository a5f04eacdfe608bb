using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Telemetry;

/// <summary>What the books say at one moment, in figures.</summary>
public sealed record BookFigures
{
    /// <summary>Phases that no job is in are missing.</summary>
    public ImmutableSortedDictionary<JobPhase, long> Jobs { get; init; } = ImmutableSortedDictionary<JobPhase, long>.Empty;

    public ImmutableArray<JobAtRisk> AtRisk { get; init; } = [];

    public ImmutableArray<ProviderMoney> Money { get; init; } = [];

    public ImmutableArray<ProviderLeaks> Leaks { get; init; } = [];

    public ImmutableArray<FirstStepTime> FirstSteps { get; init; } = [];

    /// <summary>Alerts that are open and that nobody has put aside, by kind.</summary>
    public ImmutableSortedDictionary<string, long> Alerts { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Since a sweep ran to its end; null = none has.</summary>
    public TimeSpan? Swept { get; init; }

    /// <summary>Since a sweep saw all that every provider holds; null = none has.</summary>
    public TimeSpan? SweptAll { get; init; }

    /// <summary>By how much the tick is late that waits longest.</summary>
    public TimeSpan Overdue { get; init; }
}
