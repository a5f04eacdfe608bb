using System.Globalization;
using System.Text;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Supervising;

/// <summary>
/// Starts the supervisor as a process of its own: its own session, no descriptor of the caller's, its output in its own file.
/// Returns once it has put itself on record, and prints that record.
/// </summary>
internal static class Detacher
{
    private static readonly HashSet<string> Kept =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TERM", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONPATH", "ORCHESTRATOR_SABOTAGE", "ORCHESTRATOR_INSTANCE",
        "XDG_CACHE_HOME", "HISTFILE",
    ];

    private static readonly string[] KeptBeginnings = ["LC_", "CUDA_", "NVIDIA_", "CONDA_", "NCCL_", "OMP_"];

    private const int SetFlags = 2;
    private const int CloseOnExecFlag = 1;

    public static int Run(string root, string label, bool inContainer, int owner)
    {
        var folder = new AgentFolder(root, inContainer);
        folder.Create();
        if (HandOver.OwnerOf(folder) > owner)
        {
            StandardStreams.Error("orchestrator-agent: the instance has passed to another job");
            return 1;
        }

        File.Delete(folder.Supervisor);
        foreach (var descriptor in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(descriptor), out var number) && number > 2)
            {
                Libc.fcntl(number, SetFlags, CloseOnExecFlag);
            }
        }

        var self = Environment.ProcessPath!;
        var (pid, error) = Spawner.Start(new SpawnRequest
        {
            File = self,
            Arguments = ["orchestrator-agent", "supervise", "--root", folder.Root, "--label", label, .. owner > 0 ? (string[])["--owner", owner.ToString(CultureInfo.InvariantCulture)] : [], .. inContainer ? (string[])["--container"] : []],
            // Of a container it is what its image means the trainer to have.
            Environment = inContainer ? Spawner.OwnEnvironment() : Clean(Spawner.OwnEnvironment()),
            Output = folder.Diagnostics,
            OwnSession = true,
        });
        if (error != 0)
        {
            StandardStreams.Error($"orchestrator-agent: cannot start {self}: error {error}");
            return 1;
        }

        var deadline = Environment.TickCount64 + 30_000;
        while (Environment.TickCount64 < deadline)
        {
            if (JsonFile.Read(folder.Supervisor, AgentJson.Default.ProcessIdentity) is { } identity && identity.Pid == pid)
            {
                StandardStreams.Output(Encoding.UTF8.GetString(AtomicFile.Read(folder.Supervisor)!));
                return 0;
            }

            Thread.Sleep(20);
        }

        StandardStreams.Error($"orchestrator-agent: the supervisor did not come up; see {folder.Diagnostics}");
        return 1;
    }

    /// <summary>Whoever starts an instance on its own machine (a server) has keys and passwords in its environment that are no trainer's business.</summary>
    internal static Dictionary<string, string> Clean(Dictionary<string, string> environment) =>
        environment.Where(pair => Kept.Contains(pair.Key) || KeptBeginnings.Any(beginning => pair.Key.StartsWith(beginning, StringComparison.Ordinal)))
            .ToDictionary(StringComparer.Ordinal);
}
