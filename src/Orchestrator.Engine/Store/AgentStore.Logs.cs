using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

// The trainers' output, by byte offset.
public sealed partial class AgentStore
{
    /// <summary>Longest piece one call stores; the protocol's pieces are far smaller.</summary>
    public const int MaxLogPiece = 1 << 20;

    /// <summary>
    /// Stores a piece of the log. What is stored already is skipped; a piece that would leave a gap is not stored at all.
    /// </summary>
    /// <returns>Length of the stored log; less than the piece's end means: attach again from there.</returns>
    public async Task<long> StoreLogAsync(ChannelLease channel, long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, MaxLogPiece);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, long.MaxValue - data.Length);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var stored = (await LockAsync(transaction, channel, cancellation)).LogOffset;
        var end = offset + data.Length;
        if (offset > stored || end <= stored)
        {
            return stored;
        }

        await transaction.ExecuteAsync(
            """
            insert into orchestrator.log_chunks (job_id, attempt, start, data) values (@job, @Attempt, @stored, @data);
            update orchestrator.channels set log_offset = @end where job_id = @job and attempt = @Attempt
            """,
            new { job = channel.Job.Value, channel.Attempt, stored, data = data[(int)(stored - offset)..].ToArray(), end },
            cancellation);
        await transaction.CommitAsync(cancellation);
        return end;
    }

    /// <summary>
    /// At most <paramref name="max"/> bytes of an attempt's log from <paramref name="offset"/> on, or from where a long log begins
    /// now (the piece says where); empty at its end and where there is none.
    /// </summary>
    public async Task<LogPiece> ReadLogAsync(JobId job, int attempt, long offset, int max, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        var end = await EndAsync(job, attempt, cancellation);
        var beginning = await source.FirstAsync<long?>("select min(start) from orchestrator.log_chunks where job_id = @job and attempt = @attempt", new { job = job.Value, attempt }, cancellation);
        var from = Math.Clamp(offset, Math.Min(beginning ?? end, end), end);
        var to = Math.Min(end, from + max);
        var chunks = await source.ListAsync<ChunkRow>(
            """
            select start, data from orchestrator.log_chunks
            where job_id = @job and attempt = @attempt and start < @to
              and start >= coalesce((select max(start) from orchestrator.log_chunks where job_id = @job and attempt = @attempt and start <= @from), 0)
            order by start
            """,
            new { job = job.Value, attempt, from, to },
            cancellation);
        var data = new byte[to - from];
        foreach (var chunk in chunks)
        {
            var first = Math.Max(chunk.Start, from);
            var last = Math.Min(chunk.Start + chunk.Data.Length, to);
            if (last > first)
            {
                chunk.Data.AsSpan((int)(first - chunk.Start), (int)(last - first)).CopyTo(data.AsSpan((int)(first - from)));
            }
        }

        return new LogPiece(from, data, end);
    }

    /// <summary>The last <paramref name="max"/> bytes.</summary>
    public async Task<LogPiece> TailLogAsync(JobId job, int attempt, int max, CancellationToken cancellation) =>
        await ReadLogAsync(job, attempt, Math.Max(0, await EndAsync(job, attempt, cancellation) - max), max, cancellation);

    /// <summary>Where what arrived at or after a moment begins; the end of the log where nothing did.</summary>
    public async Task<long> LogOffsetAsync(JobId job, int attempt, DateTimeOffset since, CancellationToken cancellation) =>
        await source.FirstAsync<long?>(
            "select min(start) from orchestrator.log_chunks where job_id = @job and attempt = @attempt and stored_at >= @since",
            new { job = job.Value, attempt, since },
            cancellation) ?? await EndAsync(job, attempt, cancellation);

    private async Task<long> EndAsync(JobId job, int attempt, CancellationToken cancellation) =>
        await source.FirstAsync<long>("select log_offset from orchestrator.channels where job_id = @job and attempt = @attempt", new { job = job.Value, attempt }, cancellation);

    private sealed record ChunkRow
    {
        public long Start { get; init; }

        public byte[] Data { get; init; } = [];
    }
}
