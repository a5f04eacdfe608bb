using Orchestrator.Agent.Ahead;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Transfers;

/// <summary>Writes one local file as one object, in parallel parts where it is large.</summary>
internal sealed class ObjectWriter(StoreClient store)
{
    private const int Parallel = 4;

    /// <param name="path">The file.</param>
    /// <param name="key">Where it goes.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="hash">What it was when it was read.</param>
    /// <param name="moved">Told how many bytes have gone.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="ahead">Spare names for when no server is there; null = it waits for one.</param>
    /// <returns>The key it lies under: <paramref name="key"/>, or that of a spare.</returns>
    /// <exception cref="ChangedException">The file is no longer what was hashed.</exception>
    /// <exception cref="StoreException">Taken or Refused.</exception>
    public async Task<string> WriteAsync(string path, string key, long size, FileHash hash, Action<long> moved, CancellationToken cancellation, AheadSet? ahead = null)
    {
        var body = new PutBody(key, size, Body(path, size, hash));
        if (ahead is not null && size <= AheadSet.MostBytes)
        {
            try
            {
                await SendAsync(path, body, hash, moved, orAlone: true, cancellation);
                return key;
            }
            catch (StoreException e) when (e.Fault == StoreFault.Alone)
            {
                if (await AheadAsync(path, size, hash, ahead, cancellation) is { } spare)
                {
                    moved(size);
                    return spare;
                }
            }
        }

        ahead?.BeginWithout();
        try
        {
            await SendAsync(path, body, hash, moved, orAlone: false, cancellation);
            return key;
        }
        finally
        {
            ahead?.EndWithout();
        }
    }

    private static Func<Stream> Body(string path, long size, FileHash hash) =>
        () => new HashingRange(path, 0, size, Sabotage.NoChangeCheck ? null : hash.WholeHash);

    private Task SendAsync(string path, PutBody body, FileHash hash, Action<long> moved, bool orAlone, CancellationToken cancellation) =>
        body.Size <= FileHash.PartSize
            ? WholeAsync(body, hash, moved, orAlone, cancellation)
            : InPartsAsync(path, body.Key, body.Size, hash, moved, orAlone, cancellation);

    private async Task WholeAsync(PutBody body, FileHash hash, Action<long> moved, bool orAlone, CancellationToken cancellation)
    {
        var wanted = new GrantWanted(GrantKind.Put, body.Key, body.Size, Hash: Sabotage.NoChangeCheck ? null : hash.Whole);
        await store.PutAsync(wanted, body, cancellation, orAlone);
        moved(body.Size);
    }

    private async Task InPartsAsync(string path, string key, long size, FileHash hash, Action<long> moved, bool orAlone, CancellationToken cancellation)
    {
        var begun = await store.AskAsync(new GrantWanted(GrantKind.BeginMultipart, key, size), cancellation, orAlone);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
        try
        {
            await System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, hash.Parts.Length), options, async (part, token) =>
            {
                var offset = part * FileHash.PartSize;
                var length = Math.Min(FileHash.PartSize, size - offset);
                var wanted = new GrantWanted(GrantKind.PutPart, key, length, begun.UploadId, part + 1);
                var body = new PutBody(key, length, () => new HashingRange(path, offset, length, Sabotage.NoChangeCheck ? null : hash.Parts[part]));
                await store.PutAsync(wanted, body, token, orAlone);
                moved(length);
            });
        }
        catch (Exception e) when (e is ChangedException || (e is StoreException { Fault: StoreFault.Alone } && !cancellation.IsCancellationRequested))
        {
            // Best effort: the server aborts what is left when the attempt ends.
            _ = store.AskAsync(new GrantWanted(GrantKind.AbortMultipart, key, UploadId: begun.UploadId), cancellation);
            throw;
        }

        await store.AskAsync(new GrantWanted(GrantKind.CompleteMultipart, key, size, begun.UploadId), cancellation, orAlone);
    }

    /// <returns>Null = no spare is left, or the store takes none any more.</returns>
    private async Task<string?> AheadAsync(string path, long size, FileHash hash, AheadSet ahead, CancellationToken cancellation)
    {
        if (ahead.TakeSlot() is not { } slot)
        {
            return null;
        }

        try
        {
            await store.PutAheadAsync(slot, new PutBody(slot.Key, size, Body(path, size, hash)), cancellation);
            return slot.Key;
        }
        catch (StoreException e) when (e.Fault == StoreFault.Denied)
        {
            ahead.Deny(e.Message);
            return null;
        }
    }
}
