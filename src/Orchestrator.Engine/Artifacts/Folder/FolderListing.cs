namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>Walks the objects below a prefix in ordinal order of their keys, one folder in memory at a time.</summary>
internal static class FolderListing
{
    internal static IEnumerable<string> Keys(string root, string prefix)
    {
        var slash = prefix.LastIndexOf('/');
        return Walk(root, slash < 0 ? "" : prefix[..(slash + 1)], prefix);
    }

    private static IEnumerable<string> Walk(string root, string folderKey, string prefix)
    {
        foreach (var (key, isFolder) in Entries(root, folderKey))
        {
            if (isFolder)
            {
                // A folder is on the way to the prefix or below it.
                if (key.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(key, StringComparison.Ordinal))
                {
                    foreach (var inner in Walk(root, key, prefix))
                    {
                        yield return inner;
                    }
                }
            }
            else if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return key;
            }
        }
    }

    // With its slash a folder sorts exactly where the keys below it do.
    private static List<(string Key, bool IsFolder)> Entries(string root, string folderKey)
    {
        try
        {
            return [.. new DirectoryInfo(Path.Combine(root, folderKey)).EnumerateFileSystemInfos()
                .Where(e => folderKey.Length > 0 || e.Name[0] != '.')
                .Select(e => (Key: folderKey + e.Name + (e is DirectoryInfo ? "/" : ""), IsFolder: e is DirectoryInfo))
                .OrderBy(e => e.Key, StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
