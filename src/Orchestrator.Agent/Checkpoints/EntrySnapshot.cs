using System.Collections.Immutable;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>An entry of the checkpoint folder at one moment.</summary>
/// <param name="Name">Below the checkpoint folder.</param>
/// <param name="IsFolder">A folder with all that is in it, else one file.</param>
/// <param name="Files">Ordered by path.</param>
/// <param name="Fingerprint">Differs when anything about any file differs.</param>
/// <param name="NewestChange">Nanoseconds since 1970 of the latest change to any file.</param>
internal sealed record EntrySnapshot(string Name, bool IsFolder, ImmutableArray<EntryFile> Files, string Fingerprint, long NewestChange)
{
    /// <summary>Its name is a link out of the checkpoint folder: that is made at once, whatever lies behind it.</summary>
    public bool IsLink { get; init; }

    public long Bytes => Files.Sum(file => file.Stat.Size);

    /// <summary>One of its files is still that file, with something else in it: a copy would have outlived this, and nothing less.</summary>
    public bool IsWrittenOver()
    {
        foreach (var file in Files)
        {
            if (FileStat.Of(file.FullPath, follow: true) is { } now && (now.Device, now.Inode) == (file.Stat.Device, file.Stat.Inode)
                && (now.Size, now.Modified) != (file.Stat.Size, file.Stat.Modified))
            {
                return true;
            }
        }

        return false;
    }
}
