using Orchestrator.Protocol;

namespace Orchestrator.Agent.Cleaning;

/// <summary>Deletes everything of the job's. The agent's own folder stays: the journal has still to say that it was done.</summary>
internal sealed class HostCleaner(AgentFolder folder, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public HostCleaned Clean()
    {
        var began = time.GetTimestamp();
        var left = new List<string>();
        foreach (var path in Directory.GetFileSystemEntries(folder.Root))
        {
            if (path == folder.Own)
            {
                continue;
            }

            try
            {
                if (time.GetElapsedTime(began) > Longest)
                {
                    left.Add($"{Path.GetFileName(path)}: no time left");
                }
                else if (Native.FileStat.Of(path, follow: false) is { IsFolder: true })
                {
                    OpenForUs(path);
                    Directory.Delete(path, recursive: true);
                }
                else
                {
                    File.Delete(path);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                left.Add($"{Path.GetFileName(path)}: {e.Message}");
            }
        }

        var words = left.Count == 0 ? "wiped" : "left behind: " + string.Join("; ", left.Take(5));
        return new HostCleaned(left.Count == 0, words) { Seq = 0, At = default };
    }

    /// <summary>Caches and data sets leave read-only folders, out of which their owner cannot delete.</summary>
    private static void OpenForUs(string path)
    {
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var below in Directory.GetDirectories(path))
        {
            // A link is deleted, never followed.
            if (Native.FileStat.Of(below, follow: false) is { IsFolder: true })
            {
                OpenForUs(below);
            }
        }
    }
}
