namespace Orchestrator.Engine.Artifacts.Sources;

/// <summary>
/// The .gitignore files that apply in a folder, outermost first. Read by ourselves: the rules hold outside a repository too,
/// and git need not be installed. A file that git tracks although it is ignored is left out here.
/// </summary>
internal static class GitIgnores
{
    private const string FileName = ".gitignore";

    internal static string Base(string folder) => folder.EndsWith('/') ? folder : folder + "/";

    /// <summary>Those above a folder, up to the root of the repository it lies in; none outside one.</summary>
    internal static IReadOnlyList<PatternList> Above(string folder)
    {
        List<string> chain = [];
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            chain.Insert(0, at);
            if (Path.Exists(Path.Combine(at, ".git")))
            {
                IReadOnlyList<PatternList> lists = WithFile([], Path.Combine(at, ".git", "info", "exclude"), Base(at));
                return chain.SkipLast(1).Aggregate(lists, (found, above) => With(found, above, Base(above)));
            }
        }

        return [];
    }

    internal static IReadOnlyList<PatternList> With(IReadOnlyList<PatternList> lists, string folder, string prefix) =>
        WithFile(lists, Path.Combine(folder, FileName), prefix);

    internal static bool Ignored(IReadOnlyList<PatternList> lists, string fullPath, bool isFolder)
    {
        for (var i = lists.Count - 1; i >= 0; i--)
        {
            if (lists[i].Decide(fullPath, isFolder) is { } decided)
            {
                return decided;
            }
        }

        return false;
    }

    private static IReadOnlyList<PatternList> WithFile(IReadOnlyList<PatternList> lists, string file, string prefix) =>
        File.Exists(file) && new PatternList(prefix, File.ReadLines(file)) is { IsEmpty: false } found ? [.. lists, found] : lists;
}
