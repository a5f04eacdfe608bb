using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;

namespace Orchestrator.Simulation.Traces;

/// <summary>Where traces come from: the published sets inside this assembly, or a folder laid out like them.</summary>
public static class TraceFiles
{
    private const string Resources = "Orchestrator.Simulation.Traces.Published.";

    /// <summary>"Can't Be Late", NSDI'24: windows of one recording, in eight environments (licence beside the archive).</summary>
    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> CantBeLate() => Unpack("cant-be-late");

    /// <summary>SkyNomad's AWS V100 zones (licence beside the archive).</summary>
    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> AwsV100() => Unpack("aws-v100");

    /// <summary>Every *.json at or below the folder, by relative path.</summary>
    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Below(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException($"there is no folder {folder}; name one that holds traces as *.json");
        }

        var files = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .ToImmutableSortedDictionary(file => Path.GetRelativePath(folder, file), file => new ReadOnlyMemory<byte>(File.ReadAllBytes(file)), StringComparer.Ordinal);
        return files.IsEmpty ? throw new InvalidDataException($"{folder} holds no *.json; name a folder that holds traces") : files;
    }

    private static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Unpack(string set)
    {
        using var packed = typeof(TraceFiles).Assembly.GetManifestResourceStream(Resources + set + ".tar.gz")!;
        using var unzipped = new GZipStream(packed, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        var files = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data && entry.Name.EndsWith(".json", StringComparison.Ordinal))
            {
                var bytes = new byte[data.Length];
                data.ReadExactly(bytes);
                files.Add(entry.Name, bytes);
            }
        }

        return files.ToImmutable();
    }
}
