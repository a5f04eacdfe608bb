using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>Jobs that have not ended and have something on their bill.</summary>
public sealed class PaidJobs(NpgsqlDataSource source)
{
    public async Task<ImmutableArray<PaidJob>> ListAsync(CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<Row>(
            """
            select j.state::text as state, (j.spec #> '{spec,budget,alerts}')::text as alerts, now() as now
            from orchestrator.jobs j
            where j.ended_at is null
              and exists (select 1 from orchestrator.attempts a where a.job_id = j.id and a.price_micros > 0 and a.launch_sent_at is not null)
            """,
            null,
            cancellation)).Select(row => new PaidJob(
                StoredJson.State(row.State), row.Alerts is null ? new BudgetSpec().Alerts : [.. JsonSerializer.Deserialize<decimal[]>(row.Alerts) ?? []], row.Now)),
    ];

    private sealed record Row
    {
        public string State { get; init; } = "";

        public string? Alerts { get; init; }

        public DateTimeOffset Now { get; init; }
    }
}
