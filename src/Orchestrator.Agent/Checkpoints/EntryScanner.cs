using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Orchestrator.Agent.Native;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Lists the entries of a checkpoint folder.</summary>
internal static class EntryScanner
{
    private const int MostEntries = 10_000;
    private const int MostFiles = 200_000;
    private const int Deepest = 8;

    // What .NET puts in place of bytes that are no UTF-8.
    public const string NoText = "\uFFFD";

    /// <summary>Names that the globs select, below <paramref name="folder"/>.</summary>
    public static List<string> Names(string folder, CheckpointOrder order, string? requestFile)
    {
        var found = new List<string>();
        Descend(folder, folder, "", order, requestFile, found, 0);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>Null = it is gone, is empty or is no file or folder.</summary>
    /// <exception cref="ChangedException">It holds something that cannot be stored.</exception>
    public static EntrySnapshot? Snapshot(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        var named = FileStat.Of(path, follow: false);
        var isLink = named is { IsLink: true };
        if ((isLink ? FileStat.Of(path, follow: true) : named) is not { } top)
        {
            return name.Contains(NoText, StringComparison.Ordinal) ? throw new ChangedException("its name is no valid text (UTF-8)") : null;
        }

        if (!(top.IsRegular || top.IsFolder))
        {
            return null;
        }

        if (isLink && Above(folder).Any(one => IsSame(one, top)))
        {
            throw new ChangedException("it is a link to a folder that the checkpoint folder lies in");
        }

        var files = new List<EntryFile>();
        if (top.IsRegular)
        {
            files.Add(new EntryFile(name, path, top));
        }
        else
        {
            Collect(path, name, files, 0);
        }

        if (files.Count == 0)
        {
            return null;
        }

        foreach (var file in files)
        {
            if (EntryPaths.Problem(file.Path) is { } problem)
            {
                throw new ChangedException($"{Shown(file.Path)}: {problem}");
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new EntrySnapshot(
            name, top.IsFolder, [.. files], Fingerprint(files), files.Max(file => Math.Max(file.Stat.Modified, file.Stat.Changed))) { IsLink = isLink };
    }

    /// <summary>Null = it is gone, is empty, or cannot be stored.</summary>
    public static string? FingerprintOf(string folder, string name)
    {
        try
        {
            return Snapshot(folder, name)?.Fingerprint;
        }
        catch (ChangedException)
        {
            return null;
        }
    }

    /// <summary>Names that a trainer or we ourselves give to what is still being written.</summary>
    public static bool IsProvisional(string name)
    {
        var last = Path.GetFileName(name);
        return last.StartsWith('.') || last.EndsWith(".tmp", StringComparison.Ordinal) || last.EndsWith(".partial", StringComparison.Ordinal)
            || last.EndsWith(".fetching", StringComparison.Ordinal);
    }

    private static void Descend(string root, string folder, string prefix, CheckpointOrder order, string? requestFile, List<string> found, int depth)
    {
        foreach (var path in List(folder))
        {
            var name = prefix + Path.GetFileName(path);
            if (found.Count >= MostEntries)
            {
                return;
            }

            if (IsProvisional(name) || path == requestFile || IsMarkerBeside(name, order))
            {
                continue;
            }

            var stat = FileStat.Of(path, follow: false);
            if (order.Include.Any(glob => Glob.Matches(glob, name)))
            {
                if ((stat is not { IsLink: true } || LeadsOut(root, path)) && !order.Exclude.Any(glob => Glob.Matches(glob, name)))
                {
                    found.Add(name);
                }
            }
            else if (stat is { IsFolder: true } && depth < Deepest)
            {
                Descend(root, path, name + "/", order, requestFile, found, depth + 1);
            }
        }
    }

    /// <summary>A link to another entry (<c>latest</c>) is none of its own; one to somewhere else is all that is here of what lies there.</summary>
    private static bool LeadsOut(string root, string link)
    {
        try
        {
            return FileStat.Of(root, follow: true) is { } own && FileStat.Of(link, follow: true) is not null
                && File.ResolveLinkTarget(link, returnFinalTarget: true) is { } target && !Above(target.FullName).Any(one => IsSame(one, own));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A circle, or deleted between two looks.
            return false;
        }
    }

    /// <summary>It and all folders it lies in.</summary>
    private static IEnumerable<FileStat> Above(string path)
    {
        for (string? at = path; at is not null; at = Path.GetDirectoryName(at))
        {
            if (FileStat.Of(at, follow: true) is { } stat)
            {
                yield return stat;
            }
        }
    }

    private static bool IsSame(FileStat one, FileStat other) => (one.Device, one.Inode) == (other.Device, other.Inode);

    private static bool IsMarkerBeside(string name, CheckpointOrder order) =>
        order is { Completion: CompletionKind.Marker, Marker: { Length: > 0 } marker } && name.EndsWith(marker, StringComparison.Ordinal);

    private static void Collect(string folder, string prefix, List<EntryFile> files, int depth)
    {
        foreach (var path in List(folder))
        {
            if (depth > Deepest * 4 || files.Count > MostFiles)
            {
                throw new ChangedException($"{Shown(prefix)} is too deep or has more than {MostFiles} files");
            }

            // Pipes, sockets, devices and links to nothing hold nothing that could be restored: they are left out.
            var name = prefix + "/" + Path.GetFileName(path);
            var stat = FileStat.Of(path, follow: true);
            if (stat is null && name.Contains(NoText, StringComparison.Ordinal))
            {
                // .NET cannot name it, so it cannot be read either; left out silently it would be missed after a restore.
                throw new ChangedException($"{Shown(name)} has a name that is no valid text (UTF-8)");
            }

            if (stat is { IsRegular: true } file)
            {
                files.Add(new EntryFile(name, path, file));
            }
            else if (stat is { IsFolder: true })
            {
                if (FileStat.Of(path, follow: false) is { IsLink: true })
                {
                    throw new ChangedException($"{Shown(name)} is a link to a folder; a checkpoint must hold its files itself");
                }

                Collect(path, name, files, depth + 1);
            }
        }
    }

    private static string[] List(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Take(MostFiles + 1)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deleted between two looks; the next look says more.
            return [];
        }
    }

    /// <summary>For a message: short, and harmless in a terminal.</summary>
    public static string Shown(string path) => string.Concat(path.Take(200).Select(one => char.IsControl(one) ? '?' : one));

    private static string Fingerprint(List<EntryFile> files)
    {
        var hash = new XxHash128();
        foreach (var file in files)
        {
            var s = file.Stat;
            hash.Append(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{file.Path}\0{s.Device} {s.Inode} {s.Size} {s.Modified} {s.Changed}\n")));
        }

        return hash.GetCurrentHashAsUInt128().ToString("x32", CultureInfo.InvariantCulture);
    }
}
