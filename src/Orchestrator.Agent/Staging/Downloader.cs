using System.IO.Hashing;
using Orchestrator.Agent.Transfers;

namespace Orchestrator.Agent.Staging;

/// <summary>Fetches one object into one file: to a temporary name, checked, then renamed.</summary>
internal sealed class Downloader(StoreClient store)
{
    /// <returns>Bytes moved; 0 when the file was there already.</returns>
    /// <exception cref="StoreException">Missing, Damaged or Refused.</exception>
    public async Task<long> FetchAsync(string key, string path, long size, string hash, int mode, CancellationToken cancellation)
    {
        if (new FileInfo(path) is { Exists: true } there && there.Length == size && (hash.Length == 0 || (await FileHash.OfAsync(path, cancellation)).Whole == hash))
        {
            return 0;
        }

        var temporary = path + ".fetching";
        File.Delete(temporary);
        var digest = new XxHash128();
        var have = 0L;
        await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            await store.GetAsync(
                key,
                () => have,
                async piece =>
                {
                    if (have + piece.Length > size)
                    {
                        throw new StoreException(StoreFault.Damaged, $"{key} is longer than {size} bytes");
                    }

                    await file.WriteAsync(piece, cancellation);
                    digest.Append(piece.Span);
                    have += piece.Length;
                },
                cancellation);
            file.Flush(flushToDisk: true);
        }

        if (have != size || (hash.Length > 0 && FileHash.Text(digest.GetCurrentHashAsUInt128()) != hash))
        {
            File.Delete(temporary);
            throw new StoreException(StoreFault.Damaged, $"{key} has {have} bytes and does not match what was recorded ({size} bytes{(hash.Length > 0 ? ", " + hash : "")})");
        }

        File.SetUnixFileMode(temporary, (UnixFileMode)(mode & 0b111_111_111));
        File.Move(temporary, path, overwrite: true);
        return have;
    }
}
