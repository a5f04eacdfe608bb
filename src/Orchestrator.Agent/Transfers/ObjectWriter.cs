using Orchestrator.Agent.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Transfers;

/// <summary>Writes one local file as one object, in parallel parts where it is large.</summary>
internal sealed class ObjectWriter(StoreClient store)
{
    private const int Parallel = 4;

    /// <exception cref="ChangedException">The file is no longer what was hashed.</exception>
    /// <exception cref="StoreException">Taken or Refused.</exception>
    public async Task WriteAsync(string path, string key, long size, FileHash hash, Action<long> moved, CancellationToken cancellation)
    {
        if (size <= FileHash.PartSize)
        {
            var check = !Sabotage.NoChangeCheck;
            var wanted = new GrantWanted(GrantKind.Put, key, size, Hash: check ? hash.Whole : null);
            await store.PutAsync(wanted, () => new HashingRange(path, 0, size, check ? hash.Parts[0] : null), cancellation);
            moved(size);
            return;
        }

        var begun = await store.AskAsync(new GrantWanted(GrantKind.BeginMultipart, key, size), cancellation);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
        try
        {
            await System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, hash.Parts.Length), options, async (part, token) =>
            {
                var offset = part * FileHash.PartSize;
                var length = Math.Min(FileHash.PartSize, size - offset);
                var wanted = new GrantWanted(GrantKind.PutPart, key, length, begun.UploadId, part + 1);
                await store.PutAsync(wanted, () => new HashingRange(path, offset, length, Sabotage.NoChangeCheck ? null : hash.Parts[part]), token);
                moved(length);
            });
        }
        catch (ChangedException)
        {
            // Best effort: the server aborts what is left when the attempt ends.
            _ = store.AskAsync(new GrantWanted(GrantKind.AbortMultipart, key, UploadId: begun.UploadId), cancellation);
            throw;
        }

        await store.AskAsync(new GrantWanted(GrantKind.CompleteMultipart, key, size, begun.UploadId), cancellation);
    }
}
