using System.Formats.Tar;

namespace Orchestrator.Server.Cli.Reaching;

/// <summary>One file or folder of ours as a tar stream.</summary>
internal static class SentFiles
{
    /// <param name="tar">Where it goes.</param>
    /// <param name="from">The file or folder.</param>
    /// <param name="name">What it is called over there.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task WriteAsync(Stream tar, string from, string name, CancellationToken cancellation)
    {
        // Of the formats with long names the one that small tars read, too.
        await using var writer = new TarWriter(tar, TarEntryFormat.Gnu, leaveOpen: true);
        await writer.WriteEntryAsync(from, name, cancellation);
        if (!File.Exists(from))
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(from, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
            {
                await writer.WriteEntryAsync(path, name + "/" + Path.GetRelativePath(from, path), cancellation);
            }
        }
    }
}
