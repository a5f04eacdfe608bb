using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;

namespace Orchestrator.Drills.Kit;

/// <summary>Reads checkpoints in the store folder as files, with the drill's own hash: nobody's books are believed.</summary>
public static class StoreLook
{
    private const int Line = 64;

    /// <summary>All manifests of a job, unread, by attempt and ordinal.</summary>
    public static IReadOnlyList<string> Manifests(Site site, string name, long job)
    {
        ArgumentNullException.ThrowIfNull(site);
        var folder = Path.Combine(site.Store, string.Create(CultureInfo.InvariantCulture, $"jobs/{name}-{job}"));
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder, "manifest.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (DirectoryNotFoundException)
        {
            // A checkpoint out of retention went while we walked; the next look sees the rest.
            return [];
        }
    }

    /// <summary>Reads a manifest and every byte it names. Null when it is gone.</summary>
    public static StoredManifest? Read(Site site, string path)
    {
        ArgumentNullException.ThrowIfNull(site);
        var seen = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        JsonNode manifest;
        try
        {
            manifest = JsonNode.Parse(File.ReadAllText(path))!;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        HashSet<string> lines = [];
        List<string> files = [];
        string? fault = null;
        foreach (var file in manifest["files"]!.AsArray())
        {
            files.Add(Path.Combine(site.Store, file!["key"]!.GetValue<string>()));
            fault = Check(files[^1], file["size"]!.GetValue<long>(), file["hash"]!.GetValue<string>(), lines) ?? fault;
        }

        if (fault is null && lines.Count != 1)
        {
            fault = $"mixed: its files hold {lines.Count} different states";
        }

        // Retention deletes the manifest first: when it is gone by now, its files may be as well.
        return fault is not null && !File.Exists(path)
            ? null
            : new(path, manifest["attempt"]!.GetValue<int>(), manifest["ordinal"]!.GetValue<int>(), fault is null ? StepOf(lines.First()) : -1, files, fault, seen);
    }

    /// <summary>The result that the job stored.</summary>
    public static string? Digest(Site site, string name, long job)
    {
        ArgumentNullException.ThrowIfNull(site);
        var folder = Path.Combine(site.Store, string.Create(CultureInfo.InvariantCulture, $"jobs/{name}-{job}"));
        var results = Directory.Exists(folder) ? Directory.GetFiles(folder, "result.json", SearchOption.AllDirectories) : [];
        return results.Length == 1 ? JsonNode.Parse(File.ReadAllText(results[0]))!["digest"]!.GetValue<string>() : null;
    }

    private static string? Check(string path, long size, string hash, HashSet<string> lines)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"missing: {Path.GetFileName(path)}";
        }

        if (content.Length != size)
        {
            return $"{Path.GetFileName(path)} has {content.Length} of {size} bytes";
        }

        for (var at = 0; at < content.Length && lines.Count < 10; at += Line)
        {
            lines.Add(Encoding.ASCII.GetString(content, at, Math.Min(Line, content.Length - at)));
        }

        return Convert.ToHexStringLower(XxHash128.Hash(content)) == hash ? null : $"{Path.GetFileName(path)} is not what its manifest says";
    }

    private static int StepOf(string line) => int.Parse(line.AsSpan(5, 10), NumberStyles.None, CultureInfo.InvariantCulture);
}
