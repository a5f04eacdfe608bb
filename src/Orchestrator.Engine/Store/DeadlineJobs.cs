using Npgsql;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>Jobs with a deadline that have not ended.</summary>
public sealed class DeadlineJobs(NpgsqlDataSource source)
{
    public async Task<IReadOnlyList<JobId>> ListAsync(CancellationToken cancellation) =>
        [.. (await source.ListAsync<long>("select id from orchestrator.jobs where ended_at is null and (spec #>> '{spec,deadline}' is not null or state #>> '{terms,deadline}' is not null) order by id", null, cancellation)).Select(id => new JobId(id))];
}
