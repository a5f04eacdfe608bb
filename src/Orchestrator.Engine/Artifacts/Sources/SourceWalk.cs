using Orchestrator.Checkpoints;

namespace Orchestrator.Engine.Artifacts.Sources;

/// <summary>Lists the files of one source. What cannot be taken becomes a problem; the walk goes on, so that all show at once.</summary>
internal sealed class SourceWalk
{
    private const int MaxDepth = 128;

    private readonly string _root;
    private readonly PatternList? _include;
    private readonly PatternList _exclude;
    private readonly bool _gitignore;
    private readonly int _maxFiles;
    private readonly List<string> _problems;

    private SourceWalk(SourceWanted wanted, string root, int maxFiles, List<string> problems)
    {
        _root = root;
        _include = wanted.Include.IsDefaultOrEmpty ? null : new("", wanted.Include);
        _exclude = new("", wanted.Exclude.IsDefault ? [] : wanted.Exclude);
        _gitignore = wanted.RespectGitignore;
        _maxFiles = maxFiles;
        _problems = problems;
    }

    private List<SourceFile> Files { get; } = [];

    internal static IReadOnlyList<SourceFile> List(SourceWanted wanted, int maxFiles, List<string> problems)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted.Folder));
        try
        {
            if (!Path.Exists(path))
            {
                problems.Add($"{path}: no such file or folder");
                return [];
            }

            var real = LocalPaths.Resolve(path);
            if (File.Exists(real))
            {
                return [new("", real, new FileInfo(real).Length, LocalPaths.Mode(real))];
            }

            var walk = new SourceWalk(wanted, real, maxFiles, problems);
            walk.Enter("", real, wanted.RespectGitignore ? GitIgnores.Above(real) : [], [real]);
            return walk.Files;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path}: {error.Message}");
            return [];
        }
    }

    private void Enter(string key, string folder, IReadOnlyList<PatternList> ignores, IReadOnlyList<string> above)
    {
        if (above.Count > MaxDepth)
        {
            _problems.Add($"{folder}: more than {MaxDepth} folders deep");
            return;
        }

        FileSystemInfo[] entries;
        try
        {
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
            ignores = _gitignore ? GitIgnores.With(ignores, folder, GitIgnores.Base(folder)) : ignores;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{folder}: cannot be read; {error.Message}");
            return;
        }

        foreach (var entry in entries)
        {
            if (Files.Count > _maxFiles)
            {
                return;
            }

            Take(key + entry.Name, entry, ignores, above);
        }
    }

    private void Take(string key, FileSystemInfo entry, IReadOnlyList<PatternList> ignores, IReadOnlyList<string> above)
    {
        var isLink = entry.LinkTarget is not null;
        // For git a link is a file, also one to a folder.
        var isFolder = entry is DirectoryInfo && !isLink;
        if ((_gitignore && (entry.Name == ".git" || GitIgnores.Ignored(ignores, entry.FullName, isFolder))) || _exclude.Decide(key, entry is DirectoryInfo) == true)
        {
            return;
        }

        var real = entry.FullName;
        if (isLink)
        {
            if (!Wanted(key) && entry is not DirectoryInfo)
            {
                return;
            }

            try
            {
                real = LocalPaths.Resolve(entry.FullName);
            }
            catch (IOException)
            {
                _problems.Add($"{entry.FullName}: the link points nowhere; remove it or exclude it");
                return;
            }

            if (real != _root && !real.StartsWith(GitIgnores.Base(_root), StringComparison.Ordinal))
            {
                _problems.Add($"{entry.FullName}: the link leads out of the folder; copy its target in or exclude it");
                return;
            }
        }

        if (Directory.Exists(real))
        {
            if (above.Contains(real))
            {
                _problems.Add($"{entry.FullName}: the link leads back to a folder it is in; exclude it");
                return;
            }

            Enter(key + "/", real, ignores, [.. above, real]);
        }
        else if (Wanted(key))
        {
            Add(key, entry.FullName, real);
        }
    }

    private bool Wanted(string key) => _include is null || _include.Covers(key);

    private void Add(string key, string shown, string real)
    {
        if (key.Split('/').Any(part => EntryPaths.PartProblem(part) is not null || part.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            _problems.Add($"{StoreKeys.Shown(shown)}: a name with control characters or invalid Unicode; rename it or exclude it");
            return;
        }

        try
        {
            if (!LocalPaths.IsRegularFile(real))
            {
                _problems.Add($"{shown}: not a file or folder but a device, pipe or socket; exclude it");
                return;
            }

            Files.Add(new(key, real, new FileInfo(real).Length, LocalPaths.Mode(real)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{shown}: cannot be read; {error.Message}");
        }
    }
}
