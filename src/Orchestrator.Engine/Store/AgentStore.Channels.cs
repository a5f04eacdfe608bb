using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

// Who owns which channel.
public sealed partial class AgentStore
{
    /// <summary>
    /// Takes attempts that want a channel and that no living server owns; each gets a new epoch. Servers that claim at once get
    /// different ones.
    /// </summary>
    public Task<IReadOnlyList<ChannelLease>> ClaimChannelsAsync(string owner, TimeSpan lease, int limit, CancellationToken cancellation) =>
        ClaimChannelsAsync(owner, lease, limit, [], cancellation);

    /// <summary>As above, without those of some providers.</summary>
    public async Task<IReadOnlyList<ChannelLease>> ClaimChannelsAsync(string owner, TimeSpan lease, int limit, IReadOnlyCollection<string> except, CancellationToken cancellation)
    {
        var rows = await source.ListAsync<ClaimRow>(
            """
            with wanted as (
                select a.job_id, a.attempt, a.provider, a.instance_id, a.label
                from orchestrator.attempts a left join orchestrator.channels c on c.job_id = a.job_id and c.attempt = a.attempt
                where a.wants_channel and (c.lease_until is null or c.lease_until <= clock_timestamp()) and a.provider <> all(@except)
                order by c.lease_until nulls first, a.job_id, a.attempt
                limit @limit
                for update of a skip locked),
            claimed as (
                insert into orchestrator.channels as c (job_id, attempt, owner, epoch, lease_until, listening_since)
                select job_id, attempt, @owner, 1, clock_timestamp() + make_interval(secs => @seconds), clock_timestamp() from wanted
                on conflict (job_id, attempt) do update set
                    owner = excluded.owner, epoch = c.epoch + 1, lease_until = excluded.lease_until, connected = false, listening_since = excluded.listening_since
                where c.lease_until is null or c.lease_until <= clock_timestamp()
                returning job_id, attempt, epoch, last_seq, log_offset)
            select job_id as job, attempt, epoch, provider, instance_id as instanceid, label, last_seq as lastseq, log_offset as logoffset
            from claimed join wanted using (job_id, attempt) order by job_id, attempt
            """,
            new { owner, limit, seconds = lease.TotalSeconds, except = except.ToArray() },
            cancellation);
        return [.. rows.Select(row => new ChannelLease(new JobId(row.Job), row.Attempt, row.Epoch, row.Provider, row.InstanceId, row.Label, row.LastSeq, row.LogOffset))];
    }

    /// <summary>
    /// Prolongs the channels that are still this owner's and still wanted; close every one that is missing from the answer. An owner
    /// that slept past its lease, with nobody to displace it, has listened without a break only from now on.
    /// </summary>
    public async Task<IReadOnlyList<(long Job, int Attempt, long Epoch)>> RenewChannelsAsync(
        string owner, TimeSpan lease, IReadOnlyList<(long Job, int Attempt, long Epoch)> channels, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var rows = await source.ListAsync<KeyRow>(
            """
            update orchestrator.channels c set lease_until = clock_timestamp() + make_interval(secs => @seconds),
                listening_since = case when c.lease_until > clock_timestamp() then c.listening_since else clock_timestamp() end
            from unnest(@jobs, @attempts, @epochs) as mine (job_id, attempt, epoch), orchestrator.attempts a
            where c.job_id = mine.job_id and c.attempt = mine.attempt and c.epoch = mine.epoch and c.owner = @owner
              and a.job_id = c.job_id and a.attempt = c.attempt and a.wants_channel
            returning c.job_id as job, c.attempt, c.epoch
            """,
            new
            {
                owner,
                seconds = lease.TotalSeconds,
                jobs = channels.Select(channel => channel.Job).ToArray(),
                attempts = channels.Select(channel => channel.Attempt).ToArray(),
                epochs = channels.Select(channel => channel.Epoch).ToArray(),
            },
            cancellation);
        return [.. rows.Select(row => (row.Job, row.Attempt, row.Epoch))];
    }

    /// <summary>Gives the channel back for anybody to take; nothing happens where another has it already.</summary>
    public async Task ReleaseChannelAsync(ChannelLease channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        await source.ExecuteAsync(
            "update orchestrator.channels set owner = null, lease_until = null, connected = false where job_id = @job and attempt = @Attempt and epoch = @Epoch",
            new { job = channel.Job.Value, channel.Attempt, channel.Epoch },
            cancellation);
    }

    /// <summary>What is done on the attempt's host before its agent can say so itself. It is not the agent's word: nothing counts as heard.</summary>
    /// <exception cref="ChannelLostException">Another server does it by now.</exception>
    public Task ActivityAsync(ChannelLease channel, string activity, CancellationToken cancellation) => TellAsync(channel, activity, isThere: true, cancellation);

    /// <summary>Why nobody gets to the attempt's host, or further there.</summary>
    /// <exception cref="ChannelLostException">Another server tries by now.</exception>
    public Task UnreachedAsync(ChannelLease channel, string why, CancellationToken cancellation) => TellAsync(channel, why, isThere: false, cancellation);

    /// <summary>The host was given no key with which it could end itself.</summary>
    public async Task KeylessAsync(ChannelLease channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        await source.ExecuteAsync(
            "update orchestrator.channels set keyless = true where job_id = @job and attempt = @Attempt", new { job = channel.Job.Value, channel.Attempt }, cancellation);
    }

    private async Task TellAsync(ChannelLease channel, string words, bool isThere, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var ours = await source.FirstAsync<bool>(
            """
            with told as (
                update orchestrator.channels set activity = @words, reached_at = coalesce(reached_at, case when @isThere then clock_timestamp() end)
                where job_id = @job and attempt = @Attempt and epoch = @Epoch returning job_id)
            select exists (select from told)
            """,
            new { job = channel.Job.Value, channel.Attempt, channel.Epoch, words = Sql.Clean(words, MaxActivity), isThere },
            cancellation);
        if (!ours)
        {
            throw new ChannelLostException(channel.Job, channel.Attempt, channel.Epoch);
        }
    }

    /// <summary>The attempt's host cannot be prepared; the job's next tick decides what that means. Nothing happens where another owns the channel.</summary>
    public async Task RefuseHostAsync(ChannelLease channel, HostRefused why, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        await source.ExecuteAsync(
            """
            with mine as (
                select job_id from orchestrator.channels where job_id = @job and attempt = @Attempt and epoch = @Epoch),
            woken as (
                update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true where id in (select job_id from mine))
            insert into orchestrator.inbox (job_id, body) select job_id, @body::json from mine
            """,
            new { job = channel.Job.Value, channel.Attempt, channel.Epoch, body = StoredJson.Write((InboxItem)why) },
            cancellation);
    }

    /// <summary>The connection broke, the channel stays ours: a person sees it, and its next word wakes the job.</summary>
    public async Task DisconnectedAsync(ChannelLease channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        await source.ExecuteAsync(
            "update orchestrator.channels set connected = false where job_id = @job and attempt = @Attempt and epoch = @Epoch",
            new { job = channel.Job.Value, channel.Attempt, channel.Epoch },
            cancellation);
    }

    private sealed record ClaimRow
    {
        public long Job { get; init; }

        public int Attempt { get; init; }

        public long Epoch { get; init; }

        public string Provider { get; init; } = "";

        public string InstanceId { get; init; } = "";

        public string Label { get; init; } = "";

        public long LastSeq { get; init; }

        public long LogOffset { get; init; }
    }

    private sealed record KeyRow
    {
        public long Job { get; init; }

        public int Attempt { get; init; }

        public long Epoch { get; init; }
    }
}
