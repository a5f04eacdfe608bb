using System.Collections.Immutable;
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
/// <param name="keyId">Gives the id of this server's secrets key, which may be rotated; null = not known.</param>
/// <param name="clock">Wall clock, for people only.</param>
/// <param name="log">Where trouble with the mirror is told.</param>
public sealed class Installation(
    NpgsqlDataSource source, string path, IInstallationMirror? mirror, Func<string?> keyId, TimeProvider clock, ILogger<Installation> log)
{
    private readonly InstallationFile _file = new(path);
    private volatile string? _epoch;
    private volatile InstallationStatus? _status;
    private volatile ImmutableHashSet<string> _former = [];

    /// <summary>Of labels and object keys of jobs that are submitted now. Throws before <see cref="CheckAsync"/>.</summary>
    public string Epoch => _epoch ?? throw Unchecked();

    public InstallationStatus Status => _status ?? throw Unchecked();

    public bool IsRecovered => Status.IsRecovered;

    /// <summary>Epochs of this installation that are over. What carries their label and is not on the books is shown to a person and never touched.</summary>
    public IReadOnlySet<string> FormerEpochs => _former.Remove(Epoch);

    /// <summary>
    /// At every start, before anything is launched or destroyed, and at every sweep: makes the epoch of a new installation, else
    /// compares. Throws <see cref="InstallationException"/> for a server that does not belong to its database.
    /// </summary>
    public async Task<InstallationStatus> CheckAsync(CancellationToken cancellation)
    {
        // Before the transaction: no store is asked inside one, and the database is not behind what happens meanwhile.
        var mirrored = _file.Read() is { Epoch: var before } ? await ReadMirrorAsync(before, cancellation) : null;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await InstallationTable.LockAsync(transaction, cancellation);
        var row = await InstallationTable.ReadAsync(transaction, cancellation);
        var record = _file.Read();
        mirrored = mirrored?.Epoch == record?.Epoch ? mirrored : null;
        var (status, known) = row is null
            ? (await BeginAsync(transaction, record, cancellation), null)
            : await CompareAsync(transaction, row, record, mirrored, cancellation);
        await transaction.CommitAsync(cancellation);
        if (known is not null && !(known.SaysTheSameAs(record) && (mirror is null || known.SaysTheSameAs(mirrored))))
        {
            await ChangeAsync(now => now.Epoch == known.Epoch ? now.Merge(known) : now, cancellation);
        }

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
        var row = await InstallationTable.ReadAsync(transaction, cancellation);
        var record = await ReadAllAsync(_file.Read(), cancellation);
        var ours = record is not null && row is not null && IsOfOneDescent(row, record) ? record : null;
        // The database first: a crash in between leaves a file with a former epoch, which the next start replaces.
        await InstallationTable.BeginEpochAsync(transaction, epoch, record is null ? [] : [record.Epoch, .. record.Former], cancellation);
        await InstallationTable.TellJobsAsync(transaction, epoch, ours, ours?.Epoch ?? row?.Epoch ?? epoch, cancellation);
        var kept = ours is null ? null : await InstallationTable.ConfirmedAsync(transaction, ours, cancellation);
        await transaction.CommitAsync(cancellation);
        NoteFormer(row, record);
        // What the database has lost stays with the jobs, as numbers that are taken. It must not be lost to an impatient caller.
        await ReplaceAsync(epoch, kept, CancellationToken.None);
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
        await ReplaceAsync(epoch, null, cancellation);
        await InstallationTable.InsertAsync(transaction, epoch, keyId(), cancellation);
        return InstallationStatus.Normal;
    }

    /// <returns>Beside the status what file, copy and database know together; null = they disagree.</returns>
    private async Task<(InstallationStatus Status, InstallationRecord? Known)> CompareAsync(
        NpgsqlTransaction transaction, InstallationTable.Row row, InstallationRecord? record, InstallationRecord? mirrored, CancellationToken cancellation)
    {
        _epoch = row.Epoch;
        NoteFormer(row, record);
        if (record is null)
        {
            throw new InstallationException(
                $"the database belongs to installation {row.Epoch}, and {_file.Path} is missing: copy installation.json and secrets.key from its first server's data folder " +
                "to this one's (installation.json also lies in the default store's installations folder)");
        }

        if (record.Epoch != row.Epoch && row.Former.Contains(record.Epoch, StringComparer.Ordinal))
        {
            // A person confirmed on another server; what this file remembers was accepted with that.
            record = await ReplaceAsync(row.Epoch, null, cancellation);
            mirrored = await ReadMirrorAsync(row.Epoch, cancellation);
        }

        if (record.Epoch != row.Epoch)
        {
            return (new($"the database is of epoch {row.Epoch}, and {_file.Path} of epoch {record.Epoch}"), null);
        }

        record = mirrored is null ? record : record.Merge(mirrored);
        var behind = await InstallationTable.BehindAsync(transaction, record, cancellation);
        if (row.RestoredFrom is { } moment)
        {
            // Whatever else is known: nobody can tell from here what ran since then, or runs still.
            return (new($"the database was restored from a backup of {moment.UtcDateTime:yyyy-MM-dd HH:mm} UTC; "
                + (behind is null ? "no record here says what was launched or ended since, which does not mean that nothing was" : "since then: " + behind)), null);
        }

        if (behind is not null)
        {
            return (new("the database is older than what was done with it: " + behind), null);
        }

        var ended = await InstallationTable.EndedAsync(transaction, record, cancellation);
        return (InstallationStatus.Normal, ended.Aggregate(record, (next, job) => next.WithEnded(new JobId(job))) with { KeyId = keyId() ?? record.KeyId });
    }

    /// <summary>One of the two began as the other's continuation; else the file speaks of another installation's jobs.</summary>
    private static bool IsOfOneDescent(InstallationTable.Row row, InstallationRecord record) =>
        record.Epoch == row.Epoch || row.Former.Contains(record.Epoch, StringComparer.Ordinal) || record.Former.Contains(row.Epoch);

    private void NoteFormer(InstallationTable.Row? row, InstallationRecord? record)
    {
        IEnumerable<string> known = [.. row?.Former ?? [], row?.Epoch ?? "", .. record?.Former ?? [], record?.Epoch ?? ""];
        _former = [.. _former.Union(known).Where(epoch => epoch.Length > 0)];
    }

    private async Task<InstallationRecord?> ReadAllAsync(InstallationRecord? record, CancellationToken cancellation) =>
        record is not null && await ReadMirrorAsync(record.Epoch, cancellation) is { } mirrored ? record.Merge(mirrored) : record;

    private async Task ChangeAsync(Func<InstallationRecord, InstallationRecord> change, CancellationToken cancellation)
    {
        var epoch = Epoch;
        var written = await _file.ChangeAsync(
            record =>
            {
                var next = change(record ?? throw new InstallationException($"{_file.Path} has vanished: put it back, the orchestrator must not launch without it"))
                    with { KeyId = keyId() ?? record.KeyId };
                return next.SaysTheSameAs(record) ? record : next with { UpdatedAt = clock.GetUtcNow() };
            },
            cancellation);
        if (written.Epoch == epoch)
        {
            await WriteMirrorAsync(written, cancellation);
        }
    }

    /// <param name="epoch">Of the new record.</param>
    /// <param name="kept">What of the old record still holds; null = nothing.</param>
    /// <param name="cancellation">Ends the call.</param>
    private async Task<InstallationRecord> ReplaceAsync(string epoch, InstallationRecord? kept, CancellationToken cancellation)
    {
        var written = await _file.ChangeAsync(
            old => old?.Epoch == epoch ? (kept is null ? old : old.Merge(kept with { Epoch = epoch })) : new InstallationRecord
            {
                Epoch = epoch,
                Former = old is null ? [] : old.Former.Add(old.Epoch).Remove(epoch),
                KeyId = keyId(),
                Jobs = kept?.Jobs ?? ImmutableSortedDictionary<long, int>.Empty,
                Ended = kept?.Ended ?? [],
                UpdatedAt = clock.GetUtcNow(),
            },
            cancellation);
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
            var whole = known is null ? record : record.Merge(known);
            if (!whole.SaysTheSameAs(known))
            {
                await mirror.WriteAsync(record.Epoch, InstallationJson.Write(whole), cancellation);
            }
        }
        catch (StoreException error)
        {
            log.LogWarning("the installation record's copy in the store cannot be written ({Words}); the next change tries again", error.Message);
        }
    }

    private static InvalidOperationException Unchecked() => new("the installation has not been checked yet");
}
