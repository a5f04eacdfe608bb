using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Telemetry;

/// <summary>Reads the figures from the books, with a handful of short queries and no lock.</summary>
public sealed class BookReader(NpgsqlDataSource source, SweepStore sweeps, LeakStore leaks, ProviderSet providers, EngineOptions options)
{
    public async Task<BookFigures> ReadAsync(CancellationToken cancellation)
    {
        var ages = await sweeps.AgesAsync(cancellation);
        return new()
        {
            Jobs = (await source.ListAsync<(string Phase, long Jobs)>("select phase, count(*) from orchestrator.jobs group by phase", null, cancellation))
                .Where(row => Enum.TryParse<JobPhase>(row.Phase, out _)).ToImmutableSortedDictionary(row => Enum.Parse<JobPhase>(row.Phase), row => row.Jobs),
            AtRisk = await AtRiskAsync(cancellation),
            Money = await MoneyAsync(cancellation),
            Leaks = await LeaksAsync(cancellation),
            FirstSteps = await FirstStepsAsync(cancellation),
            Alerts = (await source.ListAsync<(string Kind, long Alerts)>(
                "select kind, count(*) from orchestrator.alerts where resolved_at is null and dismissed_at is null group by kind", null, cancellation))
                .ToImmutableSortedDictionary(row => row.Kind, row => row.Alerts, StringComparer.Ordinal),
            Swept = ages.Ran,
            SweptAll = ages.Complete,
            Overdue = TimeSpan.FromSeconds(await source.FirstAsync<double>(
                """
                select coalesce(max(extract(epoch from clock_timestamp() - due_at)), 0)::double precision from orchestrator.jobs
                where due_at < clock_timestamp() and (lease_until is null or lease_until < clock_timestamp())
                """,
                null, cancellation)),
        };
    }

    private async Task<ImmutableArray<JobAtRisk>> AtRiskAsync(CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<(long Job, string Name, double Seconds)>(
            """
            select j.id, j.name, greatest(0, extract(epoch from clock_timestamp() - max(greatest(a.started_at, saved.at))))::double precision
            from orchestrator.attempts a
            join orchestrator.jobs j on j.id = a.job_id
            left join lateral (select max(c.reported_at) as at from orchestrator.checkpoints c where c.job_id = j.id and c.status = 'verified') saved on true
            where a.ended_at is null and a.phase in ('Running', 'Draining') and a.started_at is not null
            group by j.id, j.name order by j.id
            """,
            null, cancellation)).Select(row => new JobAtRisk(row.Job, row.Name, TimeSpan.FromSeconds(row.Seconds))),
    ];

    private async Task<ImmutableArray<ProviderMoney>> MoneyAsync(CancellationToken cancellation)
    {
        var money = providers.All.ToDictionary(provider => provider.Name, _ => (PerHour: Money.Zero, Spent: Money.Zero), StringComparer.Ordinal);
        foreach (var (provider, micros) in await source.ListAsync<(string, long)>("select provider, sum(cost_micros)::bigint from orchestrator.attempts where ended_at is not null group by provider", null, cancellation))
        {
            Add(provider, Money.Zero, new(micros));
        }

        // Of what lives nothing but its job's state knows all that is billed.
        foreach (var row in await source.ListAsync<LiveRow>(
            """
            select j.state::text as state, clock_timestamp() as now, array_agg(a.provider) as providers, array_agg(a.price_micros) as prices
            from orchestrator.jobs j join orchestrator.attempts a on a.job_id = j.id and a.launch_sent_at is not null and a.ended_at is null
            group by j.id
            """,
            null, cancellation))
        {
            foreach (var (provider, perHour, spent) in row.Read())
            {
                Add(provider, perHour, spent);
            }
        }

        return [.. money.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new ProviderMoney(one.Key, one.Value.PerHour, one.Value.Spent))];

        void Add(string provider, Money perHour, Money spent)
        {
            var sum = money.GetValueOrDefault(provider);
            money[provider] = (sum.PerHour + perHour, sum.Spent + spent);
        }
    }

    private async Task<ImmutableArray<ProviderLeaks>> LeaksAsync(CancellationToken cancellation)
    {
        var unowned = (await source.ListAsync<(string Provider, long Instances)>("select provider, count(*) from orchestrator.orphans group by provider", null, cancellation))
            .ToDictionary(row => row.Provider, row => row.Instances, StringComparer.Ordinal);
        // Those of nobody are orphans, and counted.
        var undestroyed = (await leaks.ListAsync(options.OwedTooLong, cancellation)).Where(leak => leak.Who is not null).ToLookup(leak => leak.Provider, StringComparer.Ordinal);
        return
        [
            .. providers.All.Select(provider => provider.Name).Union(unowned.Keys).Union(undestroyed.Select(of => of.Key)).Order(StringComparer.Ordinal)
                .Select(provider => new ProviderLeaks(provider, unowned.GetValueOrDefault(provider), undestroyed[provider].LongCount())),
        ];
    }

    private async Task<ImmutableArray<FirstStepTime>> FirstStepsAsync(CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<(string Provider, long Attempts, double[] Seconds)>(
            """
            with first as (
                select a.provider, extract(epoch from (select min(p.at) from orchestrator.progress p where p.job_id = a.job_id and p.attempt = a.attempt) - a.launch_sent_at)::double precision as seconds
                from orchestrator.attempts a where a.started_at > clock_timestamp() - interval '7 days' and a.launch_sent_at is not null)
            select provider, count(*), percentile_cont(array[0.5, 0.9]) within group (order by seconds) from first where seconds is not null group by provider order by provider
            """,
            null, cancellation)).Select(row => new FirstStepTime(row.Provider, row.Attempts, TimeSpan.FromSeconds(row.Seconds[0]), TimeSpan.FromSeconds(row.Seconds[1]))),
    ];

    private sealed record LiveRow
    {
        public string State { get; init; } = "";

        public DateTimeOffset Now { get; init; }

        public string[] Providers { get; init; } = [];

        public long[] Prices { get; init; } = [];

        /// <summary>A job that nobody here can read (a newer release wrote it) must not hide the others: the columns say its price.</summary>
        internal IEnumerable<(string Provider, Money PerHour, Money Spent)> Read()
        {
            try
            {
                return StoredJson.State(State).Attempts.Where(attempt => attempt.IsLive()).Select(attempt => (attempt.Offer.Provider, attempt.RateNow(), attempt.CostAt(Now))).ToList();
            }
            catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or InvalidOperationException)
            {
                return Providers.Zip(Prices, (provider, price) => (provider, new Money(price), Money.Zero));
            }
        }
    }
}
