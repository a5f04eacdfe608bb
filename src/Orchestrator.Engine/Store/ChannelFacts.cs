using System.Collections.Immutable;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Planning.Measuring;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Store;

/// <summary>A channel's row as people see it.</summary>
internal sealed record ChannelFacts
{
    public long Job { get; init; }

    public int Attempt { get; init; }

    public string? Owner { get; init; }

    public bool Connected { get; init; }

    public DateTimeOffset? LastHeardAt { get; init; }

    public int? AgentMinor { get; init; }

    public bool Keyless { get; init; }

    public string Trainer { get; init; } = "";

    public long? Step { get; init; }

    public long? TotalSteps { get; init; }

    public DateTimeOffset? ProgressAt { get; init; }

    public string? Metrics { get; init; }

    public string? NotFinite { get; init; }

    public long? DiskFree { get; init; }

    public string? Activity { get; init; }

    public long LogLength { get; init; }

    public double? PacedSteps { get; init; }

    public double? PacedSeconds { get; init; }

    public long? PaceStep { get; init; }

    public long? PaceTotal { get; init; }

    /// <summary>Null while nothing was seen of it.</summary>
    internal PaceSeen? ToPace() => PacedSteps > 0 ? new(Attempt, PacedSteps.Value, PacedSeconds ?? 0, PaceStep ?? 0, PaceTotal) : null;

    internal ProgressView ToProgress() => new() { Attempt = Attempt, Step = Step, TotalSteps = TotalSteps, At = ProgressAt, Metrics = ReadMetrics(), SecondsPerStep = ToPace() is { Steps: >= 2 } pace ? pace.SecondsPerStep : null };

    /// <summary>With those that are no finite numbers, as what they are.</summary>
    internal ImmutableSortedDictionary<string, double> ReadMetrics() =>
        (HostMetrics.Read(Metrics) ?? ImmutableSortedDictionary<string, double>.Empty)
            .SetItems((HostMetrics.ReadNotFinite(NotFinite) ?? ImmutableSortedDictionary<string, OddMetric>.Empty).Select(odd => KeyValuePair.Create(odd.Key, odd.Value.Number)));
}
