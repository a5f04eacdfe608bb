using Orchestrator.Agent.Native;
using Orchestrator.Agent.Staging;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Cleaning;

/// <summary>
/// Files that a host keeps when it passes on: pinned ones with a hash, so that the next job's staging finds out whether each is still what it was. Whatever else
/// lies beside them is the former job's.
/// </summary>
internal sealed class KeptFiles
{
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    public KeptFiles(AgentFolder folder, TrainerOrder order)
    {
        var paths = new SpecPaths(folder);
        foreach (var source in order.Sources.Where(source => source.Files.All(file => file.Hash.Length > 0)))
        {
            try
            {
                var to = paths.Place(source.To);
                foreach (var file in source.Files)
                {
                    Keep(file.Path.Length == 0 ? to : SpecPaths.Below(to, file.Path));
                }
            }
            catch (RefusedPathException)
            {
                // Nothing was put where the order may not write.
            }
        }
    }

    /// <summary>What of a path has to go: all of it, or all but what is kept.</summary>
    public IEnumerable<string> Besides(string path) => FileStat.Of(path, follow: false) switch
    {
        null => [],
        { IsRegular: true } when _files.Contains(path) => [],
        { IsFolder: true } when _folders.Contains(path) => Directory.GetFileSystemEntries(path).SelectMany(Besides),
        _ => [path],
    };

    private void Keep(string file)
    {
        _files.Add(file);
        for (var parent = Path.GetDirectoryName(file); parent is { Length: > 1 } && _folders.Add(parent); parent = Path.GetDirectoryName(parent))
        {
        }
    }
}
