using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;
using Orchestrator.Spending;

namespace Orchestrator.Server.Desk;

/// <summary>Adds up what instances have cost.</summary>
internal static class CostReplies
{
    /// <param name="instances">What was rented.</param>
    /// <param name="since">As asked for.</param>
    /// <param name="withInstances">Whether each is shown by itself.</param>
    /// <param name="publishes">Whether a provider of this name tells what it charges.</param>
    internal static CostReply Make(ImmutableArray<MeteredInstance> instances, DateTimeOffset? since, bool withInstances, Func<string, bool> publishes)
    {
        var jobs = instances.GroupBy(one => one.Job)
            .Select(of => new CostJob(of.Key.Value, of.First().JobName, of.First().Budget?.Dollars, of.Count(), Sum(of)))
            .OrderByDescending(job => job.Cost.Total).ThenBy(job => job.Id).ToImmutableArray();
        return new()
        {
            Since = since,
            Jobs = jobs,
            Total = Sum(instances),
            OnDemand = instances.IsEmpty ? null : OnDemand([.. instances.Select(one => one.Cost)]),
            Allowed = jobs.IsEmpty || jobs.Any(job => job.Budget is null) ? null : jobs.Sum(job => job.Budget),
            Providers = [.. instances.GroupBy(one => one.Provider, StringComparer.Ordinal).Select(of => Provider(of.Key, [.. of], publishes(of.Key))).OrderByDescending(one => one.Metered).ThenBy(one => one.Provider, StringComparer.Ordinal)],
            Instances = withInstances ? [.. instances.OrderBy(one => one.Attempt).ThenBy(one => one.Extra).ThenBy(one => one.InstanceId, StringComparer.Ordinal).Select(Instance)] : [],
        };
    }

    internal static ImmutableArray<CostOrphans> Orphans(ImmutableArray<OrphanCost> orphans, DateTimeOffset now) =>
    [
        .. orphans.GroupBy(one => one.Provider, StringComparer.Ordinal).OrderBy(of => of.Key, StringComparer.Ordinal).Select(of => new CostOrphans(
            of.Key, of.Count(), of.Count(one => one.EndedAt is null), Add(of.Select(one => one.CostAt(now)).OfType<Money>()).Dollars, of.Count(one => one.PerHour is null))),
    ];

    private static CostOnDemand OnDemand(ImmutableArray<InstanceCost> costs)
    {
        var known = costs.Where(cost => cost.OnDemand is not null).ToList();
        return new(Add(known.Select(cost => cost.OnDemand!.Value)).Dollars, Add(known.Select(cost => cost.Metered.Total)).Dollars, costs.Length - known.Count);
    }

    private static CostProvider Provider(string name, ImmutableArray<MeteredInstance> instances, bool publishes)
    {
        var published = instances.Where(one => one.Charged is not null).ToList();
        // Of one that lives, their figure is of another moment than ours.
        var compared = published.Where(one => one.Frozen).ToList();
        var (ours, theirs) = (Add(compared.Select(one => one.Cost.Metered.Billed)), Add(compared.Select(one => one.Charged!.Value)));
        return new()
        {
            Provider = name,
            Metered = Add(instances.Select(one => one.Cost.Metered.Billed)).Dollars,
            Charged = published.Count > 0 ? Add(published.Select(one => one.Charged!.Value)).Dollars : null,
            Apart = compared.Count > 0 ? BillGap.Apart(ours, theirs) : null,
            Differs = BillGap.IsTold(ours, theirs) && compared.Count > 0,
            Open = publishes ? instances.Count(one => !one.Settled) : 0,
        };
    }

    private static CostInstance Instance(MeteredInstance one) => new()
    {
        Job = one.Job.Value,
        Attempt = one.Attempt,
        Provider = one.Provider,
        Instance = one.InstanceId,
        Host = one.Host,
        Extra = one.Extra,
        From = one.Cost.Life.CreatedAt,
        Until = one.Frozen ? one.Cost.Life.GoneAt : null,
        Cost = Sum([one]),
        Metered = one.Cost.Metered.Billed.Dollars,
        Frozen = one.Frozen,
        Charged = one.Charged?.Dollars,
        Settled = one.Settled,
        Differs = one is { Frozen: true, Charged: { } charged } && BillGap.IsTold(one.Cost.Metered.Billed, charged),
    };

    private static CostParts Sum(IEnumerable<MeteredInstance> instances)
    {
        var (compute, disk, moves, lost, never) = (Money.Zero, Money.Zero, Money.Zero, Money.Zero, Money.Zero);
        foreach (var cost in instances.Select(one => one.Cost))
        {
            if (cost.NeverBooted)
            {
                never += cost.Metered.Total;
                continue;
            }

            compute += cost.Metered.Compute - cost.LostWork;
            disk += cost.Metered.Disk;
            moves += cost.Metered.Moves + cost.Metered.Egress;
            lost += cost.LostWork;
        }

        return new((compute + disk + moves + lost + never).Dollars, compute.Dollars, disk.Dollars, moves.Dollars, lost.Dollars, never.Dollars);
    }

    private static Money Add(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, Money.Add);
}
