using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Planning.Measuring;
using Orchestrator.Planning.Memory;
using Orchestrator.Planning.Prices;

namespace Orchestrator.Engine.Store;

/// <summary>What earlier attempts of this installation, of all its jobs, taught about hosts: boots, lives, lines, speeds and faults; and what cards usually score and cost.</summary>
public sealed class MarketMemoryStore(NpgsqlDataSource source, TimeProvider time)
{
    private readonly PriceStore _prices = new(source);

    /// <summary>What is older weighs next to nothing (the planner halves the weight of an observation within weeks).</summary>
    private static readonly TimeSpan _reach = TimeSpan.FromDays(180);

    private const int Most = 5000;

    /// <summary>What is waited for is what was usual lately: an account that is gone shall not be waited for over weeks.</summary>
    private static readonly TimeSpan _usualReach = TimeSpan.FromDays(3);

    /// <summary>One attempt more or less changes no plan.</summary>
    private static readonly TimeSpan _fresh = TimeSpan.FromMinutes(1);

    /// <summary>What one look counts for; looks are minutes apart, so that a day moves it all the way.</summary>
    private const double LookWeight = 0.05;

    private volatile Reading? _last;

    /// <summary>Of the hours before the one that has begun: it stays as it is until the next.</summary>
    private volatile UsualReading? _usual;

    /// <summary>As it was up to a minute ago.</summary>
    public async Task<MarketMemory> RecentAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (_last is { } known && time.GetElapsedTime(known.At) < _fresh)
        {
            return known.Memory;
        }

        var at = time.GetTimestamp();
        var memory = await LoadAsync(now, cancellation);
        _last = new Reading(at, memory);
        return memory;
    }

    /// <param name="now">Age of what still lives is counted up to here.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<MarketMemory> LoadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = await source.ListAsync<Row>(
            """
            select a.job_id as job, a.offer, a.reason, a.launch_sent_at as launched, a.ended_at as ended, c.down_mbps as DownMbps, c.up_mbps as UpMbps,
                c.paced_steps as steps, c.paced_seconds as seconds,
                (select min(e.at) from orchestrator.job_events e
                 where e.job_id = a.job_id and e.kind = 'phase-entered.1' and (e.body ->> 'attempt')::int = a.attempt and e.body ->> 'phase' = 'Checking') as ready,
                (select min(e.at) from orchestrator.job_events e
                 where e.job_id = a.job_id and e.kind = 'training-started.1' and (e.body ->> 'attempt')::int = a.attempt) as trained,
                exists (select from orchestrator.rehearsals r where r.job_id = a.job_id and r.killed = a.attempt) as killed
            from orchestrator.attempts a left join orchestrator.channels c on c.job_id = a.job_id and c.attempt = a.attempt
            where a.launch_sent_at > @from and a.listed_as is null order by a.launch_sent_at desc limit @Most
            """,
            new { from = now - _reach, Most },
            cancellation);
        var (boots, lives) = (ImmutableArray.CreateBuilder<BootSeen>(), ImmutableArray.CreateBuilder<LifeSeen>());
        var (transfers, faults) = (ImmutableArray.CreateBuilder<TransferSeen>(), ImmutableArray.CreateBuilder<FaultSeen>());
        var paces = new List<AttemptPace>();
        foreach (var row in rows)
        {
            var (taken, reason) = (StoredJson.Offer(row.Offer), Enum.Parse<EndReason>(row.Reason));
            var offer = taken.ToOffer();
            var place = Place.Of(offer);
            if (row is not { DownMbps: null, UpMbps: null })
            {
                transfers.Add(new TransferSeen(place, row.Ended ?? now, row.DownMbps, row.UpMbps));
            }

            if (new PaceSeen(0, row.Steps ?? 0, row.Seconds ?? 0, 0, null) is { SecondsPerStep: { } secondsPerStep } pace && pace.IsEnough(null))
            {
                paces.Add(new AttemptPace(row.Job, place, offer.GpuCount, row.Ended ?? now, secondsPerStep));
            }

            var seen = AttemptSeen.Of(offer, taken.ImageBytes, row.DownMbps, reason, row.Launched, row.Ready, row.Trained, row.Ended ?? now);
            if (seen.Boot is { } boot)
            {
                boots.Add(boot);
            }

            if (seen.Life is { } life)
            {
                // What we killed on purpose would have lived on.
                lives.Add(life with { Interrupted = life.Interrupted && !row.Killed, LivesFor = row.Ended is null ? new JobId(row.Job) : null });
            }

            if (reason is EndReason.HostFailed or EndReason.CheckFailed)
            {
                faults.Add(new FaultSeen(place, row.Ended ?? now, reason));
            }
        }

        return new MarketMemory
        {
            Boots = boots.ToImmutable(),
            Lives = lives.ToImmutable(),
            Transfers = transfers.ToImmutable(),
            Faults = faults.ToImmutable(),
            Speeds = AttemptPace.Compare(paces),
            UsualPrices = await UsualAsync(now, cancellation),
            UsualScores = [.. await source.ListAsync<UsualScore>("select provider, gpu, per_card as percard from orchestrator.usual_scores order by provider, gpu", null, cancellation)],
        };
    }

    /// <summary>Moves what is usual a little towards what is offered now: a fleet that comes and goes within the hour is not usual.</summary>
    public async Task RecordScoresAsync(ImmutableArray<UsualScore> seen, CancellationToken cancellation)
    {
        if (!seen.IsEmpty)
        {
            await source.ExecuteAsync(
                """
                insert into orchestrator.usual_scores as s (provider, gpu, per_card, at)
                select provider, gpu, score, clock_timestamp() from unnest(@providers::text[], @gpus::text[], @scores::float8[]) as seen (provider, gpu, score)
                on conflict (provider, gpu) do update set per_card = s.per_card * power(excluded.per_card / s.per_card, @weight), at = excluded.at
                """,
                new
                {
                    providers = seen.Select(score => score.Provider).ToArray(),
                    gpus = seen.Select(score => Sql.Clean(score.Gpu, 100)).ToArray(),
                    scores = seen.Select(score => score.PerCard).ToArray(),
                    weight = LookWeight,
                },
                cancellation);
        }
    }

    private async Task<ImmutableArray<UsualPrice>> UsualAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var hour = now.UtcTicks / TimeSpan.TicksPerHour;
        if (_usual is { } known && known.Hour == hour)
        {
            return known.Prices;
        }

        var prices = await _prices.UsualAsync(now, _usualReach, cancellation);
        _usual = new UsualReading(hour, prices);
        return prices;
    }

    private sealed record Reading(long At, MarketMemory Memory);

    private sealed record UsualReading(long Hour, ImmutableArray<UsualPrice> Prices);

    private sealed record Row
    {
        public long Job { get; init; }

        public string Offer { get; init; } = "";

        public string Reason { get; init; } = "";

        public DateTimeOffset Launched { get; init; }

        public DateTimeOffset? Ended { get; init; }

        public DateTimeOffset? Ready { get; init; }

        public DateTimeOffset? Trained { get; init; }

        public bool Killed { get; init; }

        public double? DownMbps { get; init; }

        public double? UpMbps { get; init; }

        public double? Steps { get; init; }

        public double? Seconds { get; init; }
    }
}
