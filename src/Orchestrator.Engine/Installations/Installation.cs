using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Installations;

/// <summary>
/// The installation's epoch and the record of what it did, kept inside and outside the database. Where the two disagree, the
/// database was restored or copied: the server is <see cref="IsRecovered"/> and neither launches nor destroys.
/// </summary>
/// <param name="source">The application's pool.</param>
/// <param name="path">The record in the data folder.</param>
/// <param name="mirror">Its copy in the default store; null = none.</param>
/// <param name="keyId">Id of this server's secrets key; null = not known.</param>
/// <param name="clock">Wall clock, for people only.</param>
/// <param name="log">Where trouble with the mirror is told.</param>
public sealed class Installation(
    NpgsqlDataSource source, string path, IInstallationMirror? mirror, string? keyId, TimeProvider clock, ILogger<Installation> log)
{
    private readonly InstallationFile _file = new(path);
    private volatile string? _epoch;
    private volatile InstallationStatus? _status;

    /// <summary>Of labels and object keys of jobs that are submitted now. Throws before <see cref="CheckAsync"/>.</summary>
    public string Epoch => _epoch ?? throw Unchecked();

    public InstallationStatus Status => _status ?? throw Unchecked();

    public bool IsRecovered => Status.IsRecovered;

    /// <summary>
    /// At every start, before anything is launched or destroyed: makes the epoch of a new installation, else compares. Throws
    /// <see cref="InstallationException"/> for a server that does not belong to its database.
    /// </summary>
    public async Task<InstallationStatus> CheckAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await InstallationTable.LockAsync(transaction, cancellation);
        var row = await InstallationTable.ReadAsync(transaction, cancellation);
        var record = _file.Read();
        var status = row is null
            ? await BeginAsync(transaction, record, cancellation)
            : await CompareAsync(transaction, row, record, cancellation);
        await transaction.CommitAsync(cancellation);
        _status = status;
        return status;
    }

    /// <summary>
    /// Outside the database, an attempt is known from before its create call. Call it once the append of its <c>AttemptPlanned</c>
    /// is committed, and before the call: a record ahead of the database means a restored one.
    /// </summary>
    public Task RecordAttemptAsync(JobId job, int attempt, CancellationToken cancellation) =>
        ChangeAsync(record => record.WithAttempt(job, attempt), cancellation);

    /// <summary>Call it once the job's end is committed.</summary>
    public Task RecordEndedAsync(JobId job, CancellationToken cancellation) => ChangeAsync(record => record.WithEnded(job), cancellation);

    /// <summary>
    /// On a person's word: a new epoch begins in the database and outside. What carries an older epoch's label is foreign from
    /// then on and never touched.
    /// </summary>
    /// <returns>The new epoch.</returns>
    public async Task<string> ConfirmRecoveredAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await InstallationTable.LockAsync(transaction, cancellation);
        var epoch = InstallationEpoch.New();
        var former = _file.Read() is { } record ? [record.Epoch] : Array.Empty<string>();
        // The database first: a crash in between leaves a file with a former epoch, which the next start replaces.
        await InstallationTable.BeginEpochAsync(transaction, epoch, former, cancellation);
        await transaction.CommitAsync(cancellation);
        // A new epoch knows nothing of the old one's attempts. It must not be lost to an impatient caller.
        await ReplaceAsync(epoch, CancellationToken.None);
        _status = InstallationStatus.Normal;
        return epoch;
    }

    /// <summary>A database that no server has started on.</summary>
    private async Task<InstallationStatus> BeginAsync(NpgsqlTransaction transaction, InstallationRecord? record, CancellationToken cancellation)
    {
        if (record is { Jobs.IsEmpty: false } or { Ended.IsEmpty: false })
        {
            _epoch = record.Epoch;
            return new($"{_file.Path} remembers jobs of epoch {record.Epoch}, and the database is empty");
        }

        // The file first: if we die before the commit, the next start finds a file without jobs and goes on with its epoch.
        var epoch = record?.Epoch ?? InstallationEpoch.New();
        await ReplaceAsync(epoch, cancellation);
        await InstallationTable.InsertAsync(transaction, epoch, keyId, cancellation);
        return InstallationStatus.Normal;
    }

    private async Task<InstallationStatus> CompareAsync(NpgsqlTransaction transaction, InstallationTable.Row row, InstallationRecord? record, CancellationToken cancellation)
    {
        _epoch = row.Epoch;
        if (record is null)
        {
            throw new InstallationException(
                $"the database belongs to installation {row.Epoch}, and {_file.Path} is missing: copy installation.json and secrets.key from its first server's data folder " +
                "to this one's (installation.json also lies in the default store's installations folder)");
        }

        if (record.Epoch != row.Epoch && row.Former.Contains(record.Epoch, StringComparer.Ordinal))
        {
            // A person confirmed on another server; what this file remembers was accepted with that.
            record = await ReplaceAsync(row.Epoch, cancellation);
        }

        if (record.Epoch != row.Epoch)
        {
            return new($"the database is of epoch {row.Epoch}, and {_file.Path} of epoch {record.Epoch}");
        }

        if (await ReadMirrorAsync(row.Epoch, cancellation) is { } mirrored)
        {
            record = record.Merge(mirrored);
        }

        if (await InstallationTable.BehindAsync(transaction, record, cancellation) is { } behind)
        {
            return new("the database is older than what was done with it: " + behind);
        }

        var ended = await InstallationTable.EndedAsync(transaction, record, cancellation);
        await ChangeAsync(old => ended.Aggregate(old.Merge(record), (next, job) => next.WithEnded(new JobId(job))), cancellation);
        return InstallationStatus.Normal;
    }

    private async Task ChangeAsync(Func<InstallationRecord, InstallationRecord> change, CancellationToken cancellation)
    {
        var epoch = Epoch;
        var written = await _file.ChangeAsync(
            record => change(record ?? throw new InstallationException($"{_file.Path} has vanished: put it back, the orchestrator must not launch without it"))
                with { UpdatedAt = clock.GetUtcNow(), KeyId = keyId ?? record.KeyId },
            cancellation);
        if (written.Epoch == epoch)
        {
            await WriteMirrorAsync(written, cancellation);
        }
    }

    private async Task<InstallationRecord> ReplaceAsync(string epoch, CancellationToken cancellation)
    {
        var written = await _file.ChangeAsync(_ => new InstallationRecord { Epoch = epoch, KeyId = keyId, UpdatedAt = clock.GetUtcNow() }, cancellation);
        _epoch = epoch;
        await WriteMirrorAsync(written, cancellation);
        return written;
    }

    private async Task<InstallationRecord?> ReadMirrorAsync(string epoch, CancellationToken cancellation)
    {
        try
        {
            return mirror is not null && await mirror.ReadAsync(epoch, cancellation) is { } json && InstallationJson.Read(json, "the store's copy of the installation record") is var record
                && record.Epoch == epoch ? record : null;
        }
        catch (Exception error) when (error is StoreException or InstallationException)
        {
            log.LogWarning("the installation record's copy in the store cannot be read ({Words}); the one in {Path} decides", error.Message, _file.Path);
            return null;
        }
    }

    private async Task WriteMirrorAsync(InstallationRecord record, CancellationToken cancellation)
    {
        if (mirror is null)
        {
            return;
        }

        try
        {
            // Another server has its own file and the same object: keep what it knows.
            var known = await ReadMirrorAsync(record.Epoch, cancellation);
            await mirror.WriteAsync(record.Epoch, InstallationJson.Write(known is null ? record : record.Merge(known)), cancellation);
        }
        catch (StoreException error)
        {
            log.LogWarning("the installation record's copy in the store cannot be written ({Words}); the next change tries again", error.Message);
        }
    }

    private static InvalidOperationException Unchecked() => new("the installation has not been checked yet");
}
