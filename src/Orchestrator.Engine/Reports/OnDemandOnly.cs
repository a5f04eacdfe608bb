using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Reports;

/// <summary>
/// Takes what was rented and pays for it on demand. An instance is compared whole or not at all: half of one would make both sums say
/// different things. What never ran has no hours, and what costs nothing by the hour (one's own machines) is left out.
/// </summary>
public static class OnDemandOnly
{
    /// <summary>So far from an hour a price still stands for it.</summary>
    private static readonly TimeSpan _reach = TimeSpan.FromHours(6);

    /// <returns>Null = nothing was rented.</returns>
    public static OnDemandFigure? Of(ReportFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var prices = facts.OnDemand.Where(point => point.Capacity == "OnDemand").GroupBy(point => point.Gpu, StringComparer.Ordinal)
            .ToDictionary(of => of.Key, of => of.OrderBy(point => point.At).ToImmutableArray(), StringComparer.Ordinal);
        var offers = facts.Jobs.SelectMany(job => job.State.Attempts.Select(attempt => (Key: (job.State.Id, attempt.Number), attempt.Offer))).ToDictionary(one => one.Key, one => one.Offer);
        var (cost, instead, compared, unknown) = (Money.Zero, Money.Zero, 0, 0);
        foreach (var one in facts.Instances.Where(one => one.Cost.Metered.Compute > Money.Zero))
        {
            if (offers.GetValueOrDefault((one.Job, one.Attempt)) is not { } offer || Compute(one, offer.Gpu ?? "", Math.Max(1, offer.GpuCount)) is not { } compute)
            {
                unknown++;
                continue;
            }

            var (period, life, metered) = (facts.Period, one.Cost.Life, one.Cost.Metered);
            cost += compute + period.PartOf(metered.Disk + metered.Moves + metered.Egress, life.CreatedAt, life.GoneAt);
            instead += Spend.Of(one.Cost, period).Total;
            compared++;
        }

        return compared + unknown == 0 ? null : new(cost, instead, compared, unknown);

        Money? Compute(MeteredInstance one, string gpu, int count)
        {
            var life = one.Cost.Life;
            var (from, to) = (Later(life.RunningAt ?? life.GoneAt, facts.Period.From), life.GoneAt < facts.Period.To ? life.GoneAt : facts.Period.To);
            var sum = Money.Zero;
            while (from < to)
            {
                var next = HourOf(from).AddHours(1);
                var until = next < to ? next : to;
                if (PriceAt(prices.GetValueOrDefault(gpu, []), HourOf(from)) is not { } price)
                {
                    return null;
                }

                sum += new Money(price.MicroDollars * count).PerHourFor(until - from);
                from = until;
            }

            return sum;
        }
    }

    /// <summary>Of that hour, else of the nearest one; of two as near the earlier.</summary>
    private static Money? PriceAt(ImmutableArray<PricePoint> prices, DateTimeOffset hour) =>
        prices.Where(point => (point.At - hour).Duration() <= _reach).MinBy(point => ((point.At - hour).Duration(), point.At))?.Lowest;

    private static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
