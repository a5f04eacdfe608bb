using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// An entry whose files are held open, so that they can be read to their end although the trainer replaces or deletes them: a rename
/// leaves the file that lay there as it is, under no name. Without this, one that is replaced faster than it uploads is never stored.
/// </summary>
internal sealed class HeldEntry : IDisposable
{
    // Descriptors are needed for connections too.
    private const int MostFiles = 256;

    private readonly EntrySnapshot _seen;
    private readonly List<SafeFileHandle> _files;

    private HeldEntry(EntrySnapshot seen, List<SafeFileHandle> files, bool isCopy = false)
    {
        (_seen, _files, IsCopy) = (seen, files, isCopy);
        Snapshot = seen with { Files = [.. seen.Files.Zip(files, (file, held) => file with { FullPath = PathOf(held) })] };
    }

    /// <summary>The entry with paths that lead to what is held.</summary>
    public EntrySnapshot Snapshot { get; }

    /// <summary>Nothing that is done to the entry changes what is held.</summary>
    public bool IsCopy { get; }

    /// <summary>Null = it is not what was seen any more, or has too many files.</summary>
    public static HeldEntry? Take(string folder, EntrySnapshot seen)
    {
        if (seen.Files.Length > MostFiles)
        {
            return null;
        }

        var files = new List<SafeFileHandle>(seen.Files.Length);
        try
        {
            foreach (var file in seen.Files)
            {
                files.Add(RegularFile.Open(file.FullPath));
            }

            // Looked at by name once all are held: they are what was seen, all of them at one moment.
            if (EntryScanner.Snapshot(folder, seen.Name)?.Fingerprint == seen.Fingerprint && seen.Files.Zip(files).All(one => StatOf(one.Second) == one.First.Stat))
            {
                return new HeldEntry(seen, files);
            }
        }
        catch (Exception e) when (e is IOException or ChangedException)
        {
            Diagnostics.Write($"{seen.Name} cannot be held: {e.Message}");
        }

        files.ForEach(one => one.Dispose());
        return null;
    }

    /// <summary>
    /// For a trainer that writes over its checkpoint in place, sooner than it is stored: copying on one disk is over long before. Null =
    /// it changed meanwhile, has too many files, or there is no room for it.
    /// </summary>
    /// <param name="folder">The checkpoint folder.</param>
    /// <param name="seen">What was complete.</param>
    /// <param name="isStored">Such a file is not read again, so it needs no copy.</param>
    /// <param name="scratch">For the copies; they are there only while they are made, then they have no name.</param>
    /// <param name="cancellation">Ends it between two files.</param>
    public static HeldEntry? Copy(string folder, EntrySnapshot seen, Func<FileStat, bool> isStored, string scratch, CancellationToken cancellation)
    {
        using var held = Take(folder, seen);
        if (held is null)
        {
            return null;
        }

        var copies = new List<SafeFileHandle>(held._files.Count);
        try
        {
            Directory.CreateDirectory(scratch);
            // The trainer's next checkpoint needs room too.
            if (new DriveInfo(scratch).AvailableFreeSpace < seen.Bytes + seen.Files.Where(file => !isStored(file.Stat)).Sum(file => file.Stat.Size))
            {
                throw new IOException("there is no room for a copy");
            }

            foreach (var file in held.Snapshot.Files)
            {
                cancellation.ThrowIfCancellationRequested();
                if (isStored(file.Stat))
                {
                    copies.Add(RegularFile.Open(file.FullPath));
                    continue;
                }

                var copy = Path.Combine(scratch, string.Create(CultureInfo.InvariantCulture, $"{copies.Count}"));
                File.Copy(file.FullPath, copy, overwrite: true);
                copies.Add(RegularFile.Open(copy));
            }

            if (EntryScanner.Snapshot(folder, seen.Name)?.Fingerprint == seen.Fingerprint && !OpenFiles.AnyWriter(seen))
            {
                return new HeldEntry(seen, copies, isCopy: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ChangedException)
        {
            Diagnostics.Write($"{seen.Name} cannot be copied: {e.Message}");
        }
        finally
        {
            Empty(scratch);
        }

        copies.ForEach(one => one.Dispose());
        return null;
    }

    /// <summary>
    /// The trainer has taken the whole entry away (or is about to) and what is held is still what was seen. False also where it only goes
    /// on writing: a file more, or one exchanged among others, says that it was not complete.
    /// </summary>
    public bool Outlives(EntrySnapshot? now)
    {
        var before = _seen.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var deleted = now is null || now.Files.All(file => before.TryGetValue(file.Path, out var old) && old.Stat == file.Stat);
        var replaced = now is not null && !now.Files.Any(file => _seen.Files.Any(old => IsSame(old.Stat, file.Stat)));
        return (deleted || replaced) && _seen.Files.Zip(_files).All(one => IsIntact(one.First.Stat, StatOf(one.Second)));
    }

    public void Dispose() => _files.ForEach(one => one.Dispose());

    /// <summary>Also what an agent left that was killed while it copied.</summary>
    public static void Empty(string scratch)
    {
        try
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Write($"{scratch} cannot be emptied: {e.Message}");
        }
    }

    /// <summary>Losing its name changes a file's time of change, and nothing else.</summary>
    private static bool IsIntact(FileStat seen, FileStat? now) =>
        now is { } held && IsSame(seen, held) && (held.Size, held.Modified) == (seen.Size, seen.Modified);

    private static bool IsSame(FileStat one, FileStat other) => (one.Device, one.Inode) == (other.Device, other.Inode);

    private static FileStat? StatOf(SafeFileHandle file) => FileStat.Of(PathOf(file), follow: true);

    private static string PathOf(SafeFileHandle file) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}");
}
