using Npgsql;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>What a tick made of a command.</summary>
public sealed class InboxAnswers(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>A tick is enqueued with the command; one that is on its way already is over within its effects' time-out, mostly.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    /// <param name="job">The job.</param>
    /// <param name="row">The command's row in its inbox.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Not decided when nobody has ticked the job in time; else why it was refused, null = it was not.</returns>
    public async Task<(bool IsDecided, string? Refusal)> AwaitAsync(JobId job, long row, CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        while (!await source.FirstAsync<bool>("select exists (select from orchestrator.inbox where id = @row and handled_at is not null)", new { row }, cancellation))
        {
            if (time.GetElapsedTime(asked) > _patience)
            {
                return (false, null);
            }

            await Task.Delay(_look, time, cancellation);
        }

        return (true, await source.FirstAsync<string?>(
            "select why from orchestrator.job_events where job_id = @job and kind = 'problem-noted.1' and (body ->> 'answers')::bigint = @row limit 1", new { job = job.Value, row }, cancellation));
    }
}
