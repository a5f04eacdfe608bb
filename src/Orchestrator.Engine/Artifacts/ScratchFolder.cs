using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Artifacts;

/// <summary>One folder of <see cref="ScratchFolders"/>; disposing it removes it.</summary>
public sealed class ScratchFolder : IDisposable
{
    private readonly FileLock _held;

    internal ScratchFolder(string path, FileLock held) => (Path, _held) = (path, held);

    public string Path { get; }

    public void Dispose()
    {
        Remove(Path, Path + ".lock");
        _held.Dispose();
    }

    internal static void Remove(string folder, string lockFile)
    {
        if (Directory.Exists(folder))
        {
            // Git marks what it stores as read-only, folders excepted; those of a repository may be anything.
            foreach (var inner in Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            {
                File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            Directory.Delete(folder, recursive: true);
        }

        File.Delete(lockFile);
    }
}
