using System.Buffers;
using System.IO.Hashing;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>Receives bytes into a temporary file and gives it its name when all of it is on disk.</summary>
internal sealed class FolderFiles(FolderLayout layout)
{
    private const int Tries = 8;

    /// <summary>A finished temporary file.</summary>
    internal sealed record Received(string Path, long Size, string Hash);

    /// <summary>Exactly <paramref name="length"/> bytes, hashed on the way and flushed to disk; nothing remains of a failed one.</summary>
    internal async Task<Received> ReceiveAsync(string key, IEnumerable<Stream> contents, long length, CancellationToken cancellation)
    {
        Guarded(key, () => Directory.CreateDirectory(layout.Incoming));
        var path = layout.NewIncoming();
        var buffer = ArrayPool<byte>.Shared.Rent(ContentHash.BufferBytes);
        var done = false;
        try
        {
            var hash = new XxHash128();
            long total = 0;
            await using (var file = Create(path, key))
            {
                foreach (var content in contents)
                {
                    total = await CopyAsync(key, content, file, buffer, hash, total, length, cancellation);
                }

                if (total != length)
                {
                    throw new StoreException(StoreErrorKind.Invalid, $"{StoreKeys.Shown(key)}: {total} bytes came, {length} were announced");
                }

                Guarded(key, () => file.Flush(flushToDisk: true));
            }

            done = true;
            return new(path, total, ContentHash.Text(hash));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (!done)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Names the file. False: <paramref name="onlyIfAbsent"/> and the name is taken; the temporary file is then gone.</summary>
    internal bool Publish(Received received, string target, string key, bool onlyIfAbsent)
    {
        var folder = Path.GetDirectoryName(target)!;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                MakeFolder(folder, key);
            }
            catch (StoreException)
            {
                File.Delete(received.Path);
                throw;
            }

            var error = onlyIfAbsent ? FolderCalls.PublishNew(received.Path, target) : Replace(received.Path, target, key);
            if (error == 0)
            {
                FolderCalls.FlushFolder(folder);
                return true;
            }

            // A delete may have tidied the folder away between the two calls.
            if (error == FolderCalls.NoEntry && attempt < Tries && File.Exists(received.Path))
            {
                continue;
            }

            File.Delete(received.Path);
            if (error == FolderCalls.Exists && onlyIfAbsent)
            {
                return Directory.Exists(target) ? throw FolderErrors.Blocked(key) : false;
            }

            throw FolderErrors.From(error, layout.Root, key);
        }
    }

    internal void WriteMeta(string key, FolderMeta meta)
    {
        var path = layout.Meta(key);
        Guarded(key, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var temporary = layout.NewIncoming();
            File.WriteAllText(temporary, meta.Line());
            File.Move(temporary, path, overwrite: true);
        });
    }

    internal void Guarded(string key, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.From(error, layout.Root, key);
        }
    }

    private void MakeFolder(string folder, string key)
    {
        try
        {
            Guarded(key, () => Directory.CreateDirectory(folder));
        }
        catch (StoreException taken) when (taken.Kind == StoreErrorKind.Exists)
        {
            throw FolderErrors.Blocked(key, taken);
        }
    }

    private static int Replace(string temporary, string target, string key)
    {
        if (Directory.Exists(target))
        {
            throw FolderErrors.Blocked(key);
        }

        try
        {
            File.Move(temporary, target, overwrite: true);
            return 0;
        }
        catch (Exception missing) when (missing is DirectoryNotFoundException or FileNotFoundException)
        {
            return FolderCalls.NoEntry;
        }
        catch (IOException error)
        {
            return error.HResult;
        }
    }

    private FileStream Create(string path, string key)
    {
        FileStream? file = null;
        // Unbuffered: our own buffer is larger. Large files are not allocated up front, since a size is only a host's word.
        Guarded(key, () => file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1, FileOptions.Asynchronous));
        return file!;
    }

    private async Task<long> CopyAsync(string key, Stream content, FileStream file, byte[] buffer, XxHash128 hash, long total, long length, CancellationToken cancellation)
    {
        while (true)
        {
            var filled = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            if (filled == 0)
            {
                return total;
            }

            total += filled;
            if (total > length)
            {
                throw new StoreException(StoreErrorKind.Invalid, $"{StoreKeys.Shown(key)}: more than the announced {length} bytes came");
            }

            hash.Append(buffer.AsSpan(0, filled));
            try
            {
                // Only the disk's troubles are translated; those of the sender are the caller's.
                await file.WriteAsync(buffer.AsMemory(0, filled), cancellation);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw FolderErrors.From(error, layout.Root, key);
            }
        }
    }
}
