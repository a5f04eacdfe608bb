using System.IO.Hashing;
using Orchestrator.Agent.Transfers;

namespace Orchestrator.Agent.Staging;

/// <summary>Fetches objects into files, each to a temporary name, checked, then renamed.</summary>
internal sealed class Downloader(AgentFolder folder, StoreClient store)
{
    private const int Parallel = 4;

    private int _files;
    private int _done;

    /// <summary>For the heartbeat; null = idle.</summary>
    public string? Activity => _files > _done ? $"staging: {_done} of {_files} files" : null;

    /// <returns>Bytes moved.</returns>
    /// <exception cref="StoreException">Missing, Damaged or Refused.</exception>
    /// <exception cref="RefusedPathException">A path leads through a link.</exception>
    public async Task<long> FetchAllAsync(
        List<(string Key, string Path, long Size, string Hash, int Mode)> files, string parent, CancellationToken cancellation)
    {
        var moved = 0L;
        _files = files.Count;
        _done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
        await System.Threading.Tasks.Parallel.ForEachAsync(files, options, async (file, token) =>
        {
            SpecPaths.CreateParents(file.Path == parent ? folder.Files : parent, file.Path);
            Interlocked.Add(ref moved, await FetchAsync(file.Key, file.Path, file.Size, file.Hash, file.Mode, token));
            Interlocked.Increment(ref _done);
        });
        _files = 0;
        return moved;
    }

    /// <returns>Bytes moved; 0 when the file was there already.</returns>
    private async Task<long> FetchAsync(string key, string path, long size, string hash, int mode, CancellationToken cancellation)
    {
        if (new FileInfo(path) is { Exists: true } there && there.Length == size && (hash.Length == 0 || (await FileHash.OfAsync(path, cancellation)).Whole == hash))
        {
            return 0;
        }

        var temporary = path + ".fetching";
        File.Delete(temporary);
        try
        {
            var (have, got) = await CopyAsync(key, temporary, size, cancellation);
            if (have != size || (hash.Length > 0 && got != hash))
            {
                throw new StoreException(StoreFault.Damaged, $"{key} has {have} bytes and does not match what was recorded ({size} bytes{(hash.Length > 0 ? ", " + hash : "")})");
            }

            File.SetUnixFileMode(temporary, (UnixFileMode)(mode & 0b111_111_111));
            File.Move(temporary, path, overwrite: true);
            return have;
        }
        finally
        {
            // Gone by now unless something failed.
            File.Delete(temporary);
        }
    }

    private async Task<(long Have, string Hash)> CopyAsync(string key, string path, long size, CancellationToken cancellation)
    {
        var digest = new XxHash128();
        var have = 0L;
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
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
        return (have, FileHash.Text(digest.GetCurrentHashAsUInt128()));
    }
}
