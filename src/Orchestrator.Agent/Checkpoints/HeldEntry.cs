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

    private HeldEntry(EntrySnapshot seen, List<SafeFileHandle> files)
    {
        (_seen, _files) = (seen, files);
        Snapshot = seen with { Files = [.. seen.Files.Zip(files, (file, held) => file with { FullPath = PathOf(held) })] };
    }

    /// <summary>The entry with paths that lead to what is held.</summary>
    public EntrySnapshot Snapshot { get; }

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

    /// <summary>Losing its name changes a file's time of change, and nothing else.</summary>
    private static bool IsIntact(FileStat seen, FileStat? now) =>
        now is { } held && IsSame(seen, held) && (held.Size, held.Modified) == (seen.Size, seen.Modified);

    private static bool IsSame(FileStat one, FileStat other) => (one.Device, one.Inode) == (other.Device, other.Inode);

    private static FileStat? StatOf(SafeFileHandle file) => FileStat.Of(PathOf(file), follow: true);

    private static string PathOf(SafeFileHandle file) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}");
}
