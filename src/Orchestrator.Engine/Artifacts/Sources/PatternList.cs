namespace Orchestrator.Engine.Artifacts.Sources;

/// <summary>Patterns of one file or list, and the folder they are relative to.</summary>
internal sealed class PatternList
{
    private readonly string _folder;
    private readonly PathPattern[] _patterns;

    /// <param name="folder">Empty, or the path of the list's folder with a trailing slash; paths asked about begin with it.</param>
    /// <param name="lines">One pattern a line.</param>
    internal PatternList(string folder, IEnumerable<string> lines)
    {
        _folder = folder;
        _patterns = [.. lines.Select(PathPattern.Parse).OfType<PathPattern>()];
    }

    internal bool IsEmpty => _patterns.Length == 0;

    /// <summary>The last pattern that matches decides: true = matched, false = taken back, null = none matched.</summary>
    internal bool? Decide(string path, bool isFolder)
    {
        if (!path.StartsWith(_folder, StringComparison.Ordinal))
        {
            return null;
        }

        var relative = path[_folder.Length..];
        return Array.FindLast(_patterns, pattern => pattern.Matches(relative, isFolder)) is { } last ? !last.IsNegated : null;
    }

    /// <summary>Whether the path or a folder above it is matched, as for include lists: naming a folder names what is in it.</summary>
    internal bool Covers(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (Decide(path[..slash], isFolder: true) == true)
            {
                return true;
            }
        }

        return Decide(path, isFolder: false) == true;
    }
}
