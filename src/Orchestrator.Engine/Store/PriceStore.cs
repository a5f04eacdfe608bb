using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Offers;
using Orchestrator.Planning.Prices;

namespace Orchestrator.Engine.Store;

/// <summary>The history of prices. A look at the market is one statement with a row for each kind of card, however many offers there are.</summary>
public sealed class PriceStore(NpgsqlDataSource source)
{
    /// <summary>Weeks enough to tell the hours of the week apart.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromDays(28);

    /// <summary>Rows one statement folds or deletes.</summary>
    private const int Batch = 5000;

    /// <summary>An hour of the week that was seen less often has no usual price: one odd evening would be it.</summary>
    private const int LeastWeeks = 3;

    /// <summary>One server looks, once in <paramref name="every"/>; over restarts too, since every look weighs the same.</summary>
    /// <returns>True = it is the caller's to look.</returns>
    public async Task<bool> TryClaimLookAsync(TimeSpan every, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            """
            insert into orchestrator.offer_looks as l (at) values (clock_timestamp())
            on conflict (one) do update set at = excluded.at where l.at <= excluded.at - make_interval(secs => @seconds)
            """,
            new { seconds = every.TotalSeconds },
            cancellation) > 0;

    /// <summary>Adds one look to its hour.</summary>
    public async Task RecordAsync(DateTimeOffset at, ImmutableArray<CardPrice> prices, CancellationToken cancellation)
    {
        if (prices.IsEmpty)
        {
            return;
        }

        await source.ExecuteAsync(
            """
            insert into orchestrator.offer_prices as p (per_day, at, gpu, capacity, provider, looks, offers, lowest_micros, median_micros)
            select false, date_trunc('hour', @at::timestamptz, 'UTC'), gpu, capacity, provider, 1, offers, lowest, median
            from unnest(@gpus::text[], @capacities::text[], @providers::text[], @offers::bigint[], @lowest::bigint[], @medians::bigint[])
                as seen (gpu, capacity, provider, offers, lowest, median)
            on conflict (per_day, at, gpu, capacity, provider) do update set
                looks = p.looks + 1, offers = p.offers + excluded.offers,
                lowest_micros = p.lowest_micros + excluded.lowest_micros, median_micros = p.median_micros + excluded.median_micros
            """,
            new
            {
                at,
                // Names of cards we do not know come from providers as they are.
                gpus = prices.Select(price => Sql.Clean(price.Gpu ?? "", 100)).ToArray(),
                capacities = prices.Select(price => price.Capacity.ToString()).ToArray(),
                providers = prices.Select(price => price.Provider).ToArray(),
                offers = prices.Select(price => (long)price.Offers).ToArray(),
                lowest = prices.Select(price => price.Lowest.MicroDollars).ToArray(),
                medians = prices.Select(price => price.Median.MicroDollars).ToArray(),
            },
            cancellation);
    }

    /// <summary>What was usual in the hours of the last <paramref name="reach"/>, without the one that has begun; hours of the week beside all of them.</summary>
    public async Task<ImmutableArray<UsualPrice>> UsualAsync(DateTimeOffset now, TimeSpan reach, CancellationToken cancellation)
    {
        var rows = await source.ListAsync<Row>(
            """
            with hourly as (
                select gpu, capacity, at, min(lowest_micros / looks) as lowest, sum(median_micros / looks * offers) / sum(offers) as median,
                       (extract(epoch from at - date_trunc('hour', @now::timestamptz, 'UTC')) / 3600)::int as hour
                from orchestrator.offer_prices
                where not per_day and at >= date_trunc('hour', @from::timestamptz, 'UTC') and at < date_trunc('hour', @now::timestamptz, 'UTC')
                group by gpu, capacity, at)
            select gpu, capacity, null::int as ahead, count(*)::int as hours,
                   percentile_disc(0.5) within group (order by lowest) as lowest,
                   percentile_disc(0.5) within group (order by median)::bigint as median
            from hourly group by gpu, capacity
            union all
            select gpu, capacity, ((hour % 168) + 168) % 168, count(*)::int,
                   percentile_disc(0.5) within group (order by lowest), percentile_disc(0.5) within group (order by median)::bigint
            from hourly group by gpu, capacity, 3 having count(*) >= @LeastWeeks
            order by gpu, capacity, ahead nulls first
            """,
            new { now, from = now - reach, LeastWeeks },
            cancellation);
        return [.. rows.GroupBy(row => (row.Gpu, row.Capacity)).Select(kind => Usual([.. kind], new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero)))];
    }

    /// <summary>The hourly lowest prices of these cards since then, oldest first.</summary>
    public async Task<ImmutableArray<PricePoint>> HistoryAsync(IReadOnlyCollection<string> gpus, DateTimeOffset since, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<PointRow>(
            """
            select gpu, capacity, at, min(lowest_micros / looks) as lowest from orchestrator.offer_prices
            where not per_day and gpu = any(@gpus) and at >= @since group by gpu, capacity, at order by gpu, capacity desc, at
            """,
            new { gpus = gpus.ToArray(), since },
            cancellation)).Select(row => new PricePoint(row.Gpu, row.Capacity, row.At, new Money(row.Lowest))),
    ];

    /// <param name="rows">All hours together, then the hours of the week.</param>
    /// <param name="hour">The one that has begun.</param>
    private static UsualPrice Usual(ImmutableArray<Row> rows, DateTimeOffset hour)
    {
        var (all, week) = (rows[0], rows[1..]);
        return new(all.Gpu.Length > 0 ? all.Gpu : null, Enum.Parse<CapacityType>(all.Capacity), all.Hours, new Money(all.Lowest), new Money(all.Median))
        {
            Now = week.FirstOrDefault(row => row.Ahead == 0)?.Hour(hour),
            Cheapest = week.MinBy(row => (row.Lowest, row.Ahead))?.Hour(hour),
        };
    }

    /// <summary>Hours before <paramref name="hours"/> become days; days before <paramref name="days"/> go.</summary>
    /// <returns>Rows folded or dropped.</returns>
    public async Task<int> PruneAsync(DateTimeOffset hours, DateTimeOffset days, CancellationToken cancellation)
    {
        var arguments = new { hours, days, batch = Batch };
        var folded = await source.FirstAsync<int>(
            """
            with old as (
                delete from orchestrator.offer_prices where (per_day, at, gpu, capacity, provider) in (
                    select per_day, at, gpu, capacity, provider from orchestrator.offer_prices
                    where not per_day and at < @hours order by at limit @batch)
                returning *),
            kept as (
                insert into orchestrator.offer_prices as p (per_day, at, gpu, capacity, provider, looks, offers, lowest_micros, median_micros)
                select true, date_trunc('day', at, 'UTC'), gpu, capacity, provider, sum(looks), sum(offers), sum(lowest_micros), sum(median_micros)
                from old group by 2, 3, 4, 5
                on conflict (per_day, at, gpu, capacity, provider) do update set
                    looks = p.looks + excluded.looks, offers = p.offers + excluded.offers,
                    lowest_micros = p.lowest_micros + excluded.lowest_micros, median_micros = p.median_micros + excluded.median_micros)
            select count(*)::int from old
            """,
            arguments,
            cancellation);
        return folded + await source.ExecuteAsync(
            """
            delete from orchestrator.offer_prices where (per_day, at, gpu, capacity, provider) in (
                select per_day, at, gpu, capacity, provider from orchestrator.offer_prices
                where per_day and at < @days limit @batch)
            """,
            arguments,
            cancellation);
    }

    private sealed record PointRow
    {
        public string Gpu { get; init; } = "";

        public string Capacity { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public long Lowest { get; init; }
    }

    private sealed record Row
    {
        public string Gpu { get; init; } = "";

        public string Capacity { get; init; } = "";

        /// <summary>Hours from the one that has begun to this one of the week; null = all hours.</summary>
        public int? Ahead { get; init; }

        public int Hours { get; init; }

        public long Lowest { get; init; }

        public long Median { get; init; }

        internal UsualHour Hour(DateTimeOffset now) => new(now.AddHours(Ahead ?? 0), Hours, new Money(Lowest), new Money(Median));
    }
}
