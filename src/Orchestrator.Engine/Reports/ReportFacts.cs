using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;

namespace Orchestrator.Engine.Reports;

/// <summary>All that a report is made of, read at one time.</summary>
public sealed record ReportFacts
{
    public required ReportPeriod Period { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Those that were there at some time of the period, as the ledger has them.</summary>
    public ImmutableArray<MeteredInstance> Instances { get; init; } = [];

    /// <summary>Those that lived at some time of the period.</summary>
    public ImmutableArray<JobFact> Jobs { get; init; } = [];

    /// <summary>Numbers of jobs that cannot be read: nothing is said of them but what they cost.</summary>
    public ImmutableArray<long> Unreadable { get; init; } = [];

    public ImmutableArray<BatchFact> Batches { get; init; } = [];

    /// <summary>The hourly lowest prices of the cards that were used, in dollars for one card; of on-demand capacity.</summary>
    public ImmutableArray<PricePoint> OnDemand { get; init; } = [];

    /// <summary>Those in force.</summary>
    public ImmutableArray<HostBan> Bans { get; init; } = [];

    public ImmutableArray<PlaceFact> Places { get; init; } = [];

    /// <summary>Seen in the period or after it; part of no job's money.</summary>
    public ImmutableArray<OrphanCost> Orphans { get; init; } = [];

    /// <summary>Alerts that wait for a person now.</summary>
    public int Alerts { get; init; }
}
