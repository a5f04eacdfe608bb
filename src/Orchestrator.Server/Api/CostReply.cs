using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>What rented and own instances have cost. All amounts are dollars.</summary>
public sealed record CostReply
{
    /// <summary>Instances that were there at that instant or after it count, each whole; null = all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Dearest first.</summary>
    public required ImmutableArray<CostJob> Jobs { get; init; }

    public required CostParts Total { get; init; }

    /// <summary>Sum of the jobs' budgets; null = one of them has no limit.</summary>
    public decimal? Allowed { get; init; }

    public required ImmutableArray<CostProvider> Providers { get; init; }

    /// <summary>Null = nothing was rented.</summary>
    public CostOnDemand? OnDemand { get; init; }

    /// <summary>By account, where there were any; empty where one job was asked for.</summary>
    public ImmutableArray<CostOrphans> Orphans { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Of the one job that was asked for; else empty.</summary>
    public ImmutableArray<CostInstance> Instances { get; init; } = [];
}
