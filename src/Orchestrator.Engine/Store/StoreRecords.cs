using Npgsql;
using Orchestrator.Engine.Artifacts;

namespace Orchestrator.Engine.Store;

/// <summary>What stores were found to be, shared by all servers.</summary>
public sealed class StoreRecords(NpgsqlDataSource source)
{
    public Task WriteAsync(string name, string settings, StoreProbeResult result, CancellationToken cancellation) =>
        source.ExecuteAsync(
            """
            insert into orchestrator.stores (name, settings, probed_at, problem, conditional_put, conditional_complete, clock_ahead_ms, latency_ms)
            values (@name, @settings, now(), @problem, @put, @complete, @clock, @latency)
            on conflict (name) do update set settings = excluded.settings, probed_at = excluded.probed_at, problem = excluded.problem,
                conditional_put = excluded.conditional_put, conditional_complete = excluded.conditional_complete,
                clock_ahead_ms = excluded.clock_ahead_ms, latency_ms = excluded.latency_ms
            """,
            new
            {
                name,
                settings,
                problem = result.Problem is { } words ? Sql.Clean(words) : null,
                put = result.Traits?.ConditionalPut,
                complete = result.Traits?.ConditionalComplete,
                clock = result.ClockAhead?.TotalMilliseconds,
                latency = result.Latency.TotalMilliseconds,
            },
            cancellation);

    public async Task<IReadOnlyList<StoreRecord>> ListAsync(CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<Row>(
            """
            select name, settings, probed_at as probedat, problem, conditional_put as put, conditional_complete as complete, clock_ahead_ms as clock, latency_ms as latency
            from orchestrator.stores order by name
            """,
            null,
            cancellation)).Select(row => row.Record()),
    ];

    /// <summary>Where jobs of any time keep what is theirs, as <c>store[/prefix/]</c>.</summary>
    public async Task<IReadOnlyList<string>> PlacesOfJobsAsync(CancellationToken cancellation) =>
        await source.ListAsync<string>("select distinct spec ->> 'store' from orchestrator.jobs where spec ->> 'store' is not null order by 1", null, cancellation);

    private sealed record Row
    {
        public string Name { get; init; } = "";

        public string Settings { get; init; } = "";

        public DateTimeOffset ProbedAt { get; init; }

        public string? Problem { get; init; }

        public bool? Put { get; init; }

        public bool? Complete { get; init; }

        public double? Clock { get; init; }

        public double Latency { get; init; }

        internal StoreRecord Record() => new(Name, Settings, ProbedAt, new StoreProbeResult
        {
            Problem = Problem,
            Traits = Put is { } put ? new(put, Complete ?? false) : null,
            ClockAhead = Clock is { } clock ? TimeSpan.FromMilliseconds(clock) : null,
            Latency = TimeSpan.FromMilliseconds(Latency),
        });
    }
}
