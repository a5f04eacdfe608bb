namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>Removes what a folder store leaves behind: folders without objects, files that never got their name.</summary>
internal static class FolderTidying
{
    /// <summary>Removes the folder and those above it, up to the root, while they are empty.</summary>
    internal static void Up(string root, string folder)
    {
        while (folder.Length > root.Length)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // Not empty, or another server was faster: either way it is not ours to remove.
                return;
            }

            folder = Path.GetDirectoryName(folder)!;
        }
    }

    internal static void RemoveStale(string incoming, DateTimeOffset before)
    {
        foreach (var entry in new DirectoryInfo(incoming).EnumerateFileSystemInfos())
        {
            if (entry.LastWriteTimeUtc < before.UtcDateTime)
            {
                (entry as DirectoryInfo)?.Delete(recursive: true);
                (entry as FileInfo)?.Delete();
            }
        }
    }
}
