using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>Jobs that have not ended and may have something on their bill: what costs nothing per hour may have a disk.</summary>
public sealed class PaidJobs(NpgsqlDataSource source)
{
    public async Task<ImmutableArray<PaidJob>> ListAsync(CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<Row>(
            """
            select j.id as job, j.state::text as state, (j.spec #> '{spec,budget,alerts}')::text as alerts, now() as now
            from orchestrator.jobs j
            where j.ended_at is null
              and exists (select 1 from orchestrator.attempts a where a.job_id = j.id and a.launch_sent_at is not null)
            """,
            null,
            cancellation)).Select(Read),
    ];

    private static PaidJob Read(Row row)
    {
        var id = new JobId(row.Job);
        try
        {
            return new(id, StoredJson.State(row.State), row.Alerts is null ? new BudgetSpec().Alerts : [.. JsonSerializer.Deserialize<decimal[]>(row.Alerts) ?? []], row.Now, null);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or InvalidOperationException)
        {
            // One job's alone: it must not keep the others from being told.
            return new(id, null, [], row.Now, unreadable.Message);
        }
    }

    private sealed record Row
    {
        public long Job { get; init; }

        public string State { get; init; } = "";

        public string? Alerts { get; init; }

        public DateTimeOffset Now { get; init; }
    }
}
