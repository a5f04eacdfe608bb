using System.Text.Json;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Store;

/// <summary>What lives at accounts by the books of all jobs, and what it takes of them from now on.</summary>
public sealed class AccountBooks(NpgsqlDataSource source)
{
    /// <summary>What is expected of a job changes while nobody looks.</summary>
    private static readonly TimeSpan _expectedFor = TimeSpan.FromHours(1);

    /// <returns>By provider: all that may be billed there now, in the order in which it was begun.</returns>
    public async Task<ILookup<string, AccountNeed>> NeedsAsync(CancellationToken cancellation)
    {
        var rows = await source.ListAsync<Row>(
            """
            select a.job_id as job, a.attempt, a.provider, a.price_micros as price, j.state::text as state, clock_timestamp() as now,
                case when a.rest_at > clock_timestamp() - make_interval(secs => @expectedFor) then a.rest_micros end as rest,
                extract(epoch from clock_timestamp() - a.rest_at)::double precision as age
            from orchestrator.attempts a
            join orchestrator.jobs j on j.id = a.job_id
            where a.launch_sent_at is not null and a.ended_at is null
            order by a.launch_sent_at, a.job_id, a.attempt
            """,
            new { expectedFor = _expectedFor.TotalSeconds },
            cancellation);
        return rows.ToLookup(row => row.Provider, NeedOf, StringComparer.Ordinal);
    }

    /// <param name="need">Whose.</param>
    /// <param name="rest">Expected cost until it is done; null = nobody knows.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task RestAsync(AccountNeed need, Money? rest, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(need);
        return source.ExecuteAsync(
            "update orchestrator.attempts set rest_micros = @rest, rest_at = clock_timestamp() where job_id = @job and attempt = @attempt",
            new { rest = rest?.MicroDollars, job = need.Job.Value, attempt = need.Attempt },
            cancellation);
    }

    /// <summary>Of a job that nobody here can read (a newer release wrote it) the columns say the price.</summary>
    private static AccountNeed NeedOf(Row row)
    {
        if (Read(row.State) is not { } state || state.Attempts.FirstOrDefault(one => one.Number == row.Attempt) is not { } attempt)
        {
            return new(new JobId(row.Job), row.Attempt, new(row.Price));
        }

        // It has gone on since that was figured.
        var spent = attempt.RateNow().PerHourFor(TimeSpan.FromSeconds(Math.Max(0, row.Age ?? 0)));
        return AccountNeed.Of(state, attempt, row.Rest is { } rest ? new Money(Math.Max(0, rest - spent.MicroDollars)) : null, row.Now);
    }

    private static JobState? Read(string state)
    {
        try
        {
            return StoredJson.State(state);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed record Row
    {
        public long Job { get; init; }

        public int Attempt { get; init; }

        public string Provider { get; init; } = "";

        public long Price { get; init; }

        public string State { get; init; } = "";

        public DateTimeOffset Now { get; init; }

        public long? Rest { get; init; }

        public double? Age { get; init; }
    }
}
