using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Artifacts;

/// <summary>Where submits put what they fetch before it is in the store. What a killed server left is cleared by the next one.</summary>
/// <param name="root">Of nobody else.</param>
public sealed class ScratchFolders(string root)
{
    private const string LockSuffix = ".lock";

    /// <summary>A new empty folder, gone with its owner.</summary>
    public ScratchFolder Create()
    {
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Clear();
        while (true)
        {
            var folder = Path.Combine(root, Guid.NewGuid().ToString("n"));
            // Locked before it is there: who clears up meets a lock, or nothing. Where that was between two of our steps, another name.
            if (FileLock.TryAcquire(folder + LockSuffix) is { } held)
            {
                Directory.CreateDirectory(folder);
                if (File.Exists(folder + LockSuffix))
                {
                    return new(folder, held);
                }

                held.Dispose();
                Directory.Delete(folder);
            }
        }
    }

    private void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(root, "*" + LockSuffix))
        {
            using var abandoned = FileLock.TryAcquire(file);
            if (abandoned is not null)
            {
                ScratchFolder.Remove(file[..^LockSuffix.Length], file);
            }
        }
    }
}
