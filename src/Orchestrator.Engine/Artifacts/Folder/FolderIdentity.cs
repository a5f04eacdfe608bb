namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>
/// Knows the folders of stores again. A disk that is not mounted leaves an empty folder behind, which must not be taken for an empty store:
/// every checkpoint would count as lost. A store's folder carries a name of its own, and the data folder remembers it.
/// </summary>
/// <param name="remembered">The file in the data folder: one line <c>ID PATH</c> for each.</param>
public sealed class FolderIdentity(string remembered)
{
    internal const string MarkerName = ".orchestrator-store";

    private readonly Lock _gate = new();

    /// <summary>Returns when the folder is the one it was; the first time it is made and given its name. Throws <see cref="StoreException"/>.</summary>
    internal void Require(string root)
    {
        lock (_gate)
        {
            var marker = Path.Combine(root, MarkerName);
            try
            {
                var found = File.Exists(marker) ? File.ReadAllText(marker).Trim() : null;
                if (Remembered(root) is not { } known)
                {
                    File.AppendAllText(remembered, $"{found ?? Mark(root, marker)} {root}\n");
                }
                else if (found != known)
                {
                    throw new StoreException(
                        StoreErrorKind.NoBucket,
                        $"the folder {root} is not the one this store had: {(found is null ? $"it has no {MarkerName}; is its disk mounted?" : "another store's disk is mounted there.")} Nothing is read or written there until it is. If what it held is really gone, delete its line in {remembered}");
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new StoreException(StoreErrorKind.NoBucket, $"the folder {root} cannot be used: {error.Message}", error);
            }
        }
    }

    private string? Remembered(string root) => File.Exists(remembered)
        ? File.ReadLines(remembered).Select(line => line.Split(' ', 2)).LastOrDefault(line => line.Length == 2 && line[1] == root)?[0]
        : null;

    private static string Mark(string root, string marker)
    {
        Directory.CreateDirectory(root);
        var making = $"{marker}.{Guid.NewGuid():N}";
        File.WriteAllText(making, Guid.NewGuid().ToString("N") + "\n");
        try
        {
            File.Move(making, marker);
        }
        catch (IOException) when (File.Exists(marker))
        {
            // Another server's name for it came first.
            File.Delete(making);
        }

        return File.ReadAllText(marker).Trim();
    }
}
