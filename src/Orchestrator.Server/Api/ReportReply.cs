using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>What a weekend came to. All amounts are dollars, each a sum of the ledger within the period.</summary>
public sealed record ReportReply
{
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    public required ReportCounts Counts { get; init; }

    public required CostParts Spent { get; init; }

    /// <summary>What the jobs that spent it may spend in all; null = one of them has no limit.</summary>
    public decimal? Allowed { get; init; }

    /// <summary>Null = nothing was rented.</summary>
    public ReportOnDemand? OnDemand { get; init; }

    /// <summary>Dearest first.</summary>
    public required ImmutableArray<ReportProvider> Providers { get; init; }

    public required ReportInterruptions Interruptions { get; init; }

    /// <summary>By number; those of batches too.</summary>
    public required ImmutableArray<ReportJob> Jobs { get; init; }

    public required ImmutableArray<ReportBatch> Batches { get; init; }

    /// <summary>Hosts that were banned within the period and still are.</summary>
    public ImmutableArray<ReportBan> Banned { get; init; } = [];

    /// <summary>What is left now, by provider.</summary>
    public ImmutableArray<ReportPlace> Left { get; init; } = [];

    /// <summary>Instances that no job owned; in no other sum.</summary>
    public int Orphans { get; init; }

    public decimal OrphanCost { get; init; }

    /// <summary>Alerts that wait for a person.</summary>
    public int Alerts { get; init; }

    /// <summary>Jobs that cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>What to change, most urgent first.</summary>
    public ImmutableArray<string> Advice { get; init; } = [];
}
