using System.Globalization;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Embedded;

/// <summary>
/// Tells a living postmaster from a pid file that a reboot or kill left behind. A pid proves nothing (it may be another
/// program's by now); every process of a cluster has the cluster's folder as its working folder, and that does.
/// </summary>
internal static class RunningCluster
{
    /// <summary>The postmaster of this cluster, or null.</summary>
    internal static (ProcessIdentity Process, PostmasterFile File)? Find(ClusterFolder folder) =>
        PostmasterFile.Read(folder.PidFile) is { } file && ProcessIdentity.Of(file.Pid) is { } process && WorksIn(file.Pid, folder.Data)
            ? (process, file)
            : null;

    /// <summary>
    /// Removes what would keep a new postmaster from starting although no process of the cluster lives.
    /// False: a postmaster has turned up meanwhile (whoever started it was killed before it was ready); attach to it.
    /// </summary>
    internal static async Task<bool> ClearLeftoversAsync(ClusterFolder folder, CancellationToken cancellationToken)
    {
        // Only what lay there before the processes were looked at may go: a file that appears afterwards is a living one's.
        var pidText = File.Exists(folder.PidFile) ? await File.ReadAllTextAsync(folder.PidFile, cancellationToken) : null;
        string[] sockets = Directory.Exists(folder.SocketFolder) ? Directory.GetFiles(folder.SocketFolder, ".s.PGSQL.*") : [];

        // Backends of a killed postmaster notice and end by themselves; a new one beside them would corrupt the data.
        var started = TimeProvider.System.GetTimestamp();
        while (Processes(folder.Data) is { Count: > 0 } left)
        {
            if (Find(folder) is not null)
            {
                return false;
            }

            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(30))
            {
                throw new EmbeddedPostgresException(
                    $"processes of an earlier PostgreSQL still use {folder.Data}: {string.Join(", ", left.Select(pid => pid.ToString(CultureInfo.InvariantCulture)))}; end them and try again");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        // PostgreSQL copes with a stale file unless its pid is in use again, by anything; we know better who that is.
        if (pidText is not null && File.Exists(folder.PidFile) && await File.ReadAllTextAsync(folder.PidFile, cancellationToken) == pidText)
        {
            File.Delete(folder.PidFile);
        }

        foreach (var socket in sockets)
        {
            File.Delete(socket);
        }

        return true;
    }

    private static List<int> Processes(string data) =>
    [
        .. from entry in Directory.EnumerateDirectories("/proc")
           let pid = int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
           where pid > 0 && WorksIn(pid, data) && ProcessStat.Read(pid) is { HasEnded: false }
           select pid,
    ];

    private static bool WorksIn(int pid, string folder)
    {
        try
        {
            return new DirectoryInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cwd")).LinkTarget == folder;
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            // Another user's process, or one that is just ending: not of our cluster.
            return false;
        }
    }
}
