using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

// What agents are to be told.
public sealed partial class AgentStore
{
    /// <summary>Stores a command for the channel's owner to send; a key that is there already changes nothing.</summary>
    public async Task AddCommandAsync(JobId job, int attempt, string key, AgentCommand command, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            "insert into orchestrator.agent_commands (job_id, attempt, key, body) values (@job, @attempt, @key, @body::json) on conflict (job_id, attempt, key) do nothing",
            new { job = job.Value, attempt, key, body = StoredJson.Write(command) },
            cancellation);

    /// <summary>The attempt's commands that this channel epoch has not sent, oldest first; none for a displaced owner.</summary>
    public async Task<IReadOnlyList<PendingCommand>> PendingCommandsAsync(ChannelLease channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var rows = await source.ListAsync<CommandRow>(
            """
            select m.key, m.body::text as body from orchestrator.agent_commands m
            join orchestrator.channels c on c.job_id = m.job_id and c.attempt = m.attempt and c.epoch = @Epoch
            where m.job_id = @job and m.attempt = @Attempt and m.sent_epoch is distinct from @Epoch
            order by m.id
            """,
            new { job = channel.Job.Value, channel.Attempt, channel.Epoch },
            cancellation);
        return [.. rows.Select(row => new PendingCommand(row.Key, StoredJson.Command(row.Body)))];
    }

    public async Task CommandSentAsync(ChannelLease channel, string key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        await source.ExecuteAsync(
            """
            update orchestrator.agent_commands set sent_at = clock_timestamp(), sent_epoch = @Epoch
            where job_id = @job and attempt = @Attempt and key = @key and coalesce(sent_epoch, 0) < @Epoch
            """,
            new { job = channel.Job.Value, channel.Attempt, channel.Epoch, key },
            cancellation);
    }

    /// <summary>
    /// The command cannot be sent: it is taken back, so that it does not go out late, and the job's next tick learns why. A tick that
    /// still owes it stores it again.
    /// </summary>
    public async Task GiveUpCommandAsync(ChannelLease channel, string key, OrderUnfilled why, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        await source.ExecuteAsync(
            """
            with taken as (
                delete from orchestrator.agent_commands where job_id = @job and attempt = @Attempt and key = @key
                  and exists (select from orchestrator.channels c where c.job_id = @job and c.attempt = @Attempt and c.epoch = @Epoch)
                returning job_id),
            woken as (
                update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true where id in (select job_id from taken))
            insert into orchestrator.inbox (job_id, body) select job_id, @body::json from taken
            """,
            new { job = channel.Job.Value, channel.Attempt, channel.Epoch, key, body = StoredJson.Write((InboxItem)why) },
            cancellation);
    }

    /// <summary>The connection was made anew within one ownership: what was sent may be lost, so all of it is sent again.</summary>
    public async Task ForgetSentAsync(ChannelLease channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        await source.ExecuteAsync(
            "update orchestrator.agent_commands set sent_epoch = null where job_id = @job and attempt = @Attempt and sent_epoch = @Epoch",
            new { job = channel.Job.Value, channel.Attempt, channel.Epoch },
            cancellation);
    }

    private sealed record CommandRow
    {
        public string Key { get; init; } = "";

        public string Body { get; init; } = "";
    }
}
