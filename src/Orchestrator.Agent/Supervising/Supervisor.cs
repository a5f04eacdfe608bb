using System.Globalization;
using System.Runtime.InteropServices;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Training;

namespace Orchestrator.Agent.Supervising;

/// <summary>
/// The entrypoint of an instance: reaps whatever ends, keeps an agent running, and does nothing else, so that it has no reason
/// to die. When the trainer's own wrapper is killed, the orphaned trainer falls to us, and so does writing its exit code.
/// </summary>
internal sealed class Supervisor(AgentFolder folder, string label, int owner = 0)
{
    /// <summary>The agent says by this exit code that it was told to stop.</summary>
    public const int StopCode = 77;

    private const int ChildSubreaper = 36;
    private const int FirstDelay = 200;
    private const int LongestDelay = 30_000;
    private const int Healthy = 60_000;

    private volatile bool _stopping;
    private int _agentPid;

    public int Run()
    {
        folder.Create();
        using var alive = AliveLock.Take(folder);
        if (alive is null)
        {
            Diagnostics.Write($"supervisor: another one lives in {folder.Root}");
            return 1;
        }

        if (HandOver.OwnerOf(folder) is var now && now > owner)
        {
            Diagnostics.Write($"supervisor: the instance is its owner {now}'s, not {label}'s any more");
            return 1;
        }

        // Fails when we lead a session already (a detached start, a container's entrypoint): then that is what we want.
        _ = Libc.setsid();
        if (Libc.prctl(ChildSubreaper, 1, 0, 0, 0) != 0)
        {
            Diagnostics.Write("supervisor: cannot become the reaper of orphans; an exit code may be lost if the trainer's wrapper is killed");
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, PassOn);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, PassOn);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        JsonFile.Write(folder.Supervisor, ProcessIdentity.Self, AgentJson.Default.ProcessIdentity);
        Diagnostics.Write($"supervisor {AgentVersion.Text} started for {label}");

        var delay = FirstDelay;
        var lastExit = 0;
        for (var restarts = 0; ; restarts++)
        {
            var started = Environment.TickCount64;
            if (StartAgent(restarts, lastExit))
            {
                lastExit = WaitForAgent();
                Volatile.Write(ref _agentPid, 0);
                if (lastExit == StopCode || _stopping)
                {
                    Diagnostics.Write("supervisor: told to stop");
                    return 0;
                }

                Diagnostics.Write($"supervisor: the agent ended with {lastExit}; it is started again");
            }

            delay = Environment.TickCount64 - started > Healthy ? FirstDelay : Math.Min(delay * 2, LongestDelay);
            ReapFor(delay);
            if (_stopping)
            {
                return 0;
            }
        }
    }

    private void PassOn(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopping = true;
        if (Volatile.Read(ref _agentPid) is > 0 and var pid)
        {
            _ = Libc.kill(pid, Libc.SigTerm);
        }
    }

    private bool StartAgent(int restarts, int lastExit)
    {
        Diagnostics.Rotate(folder.Diagnostics);
        var (pid, error) = Spawner.Start(new SpawnRequest
        {
            File = Environment.ProcessPath!,
            Arguments =
            [
                "orchestrator-agent", "run", "--root", folder.Root, "--label", label,
                "--restarts", restarts.ToString(CultureInfo.InvariantCulture),
                "--last-exit", lastExit.ToString(CultureInfo.InvariantCulture),
                .. folder.InContainer ? (string[])["--container"] : [],
            ],
            Environment = Spawner.OwnEnvironment(),
            Output = folder.Diagnostics,
            OwnSession = true,
        });
        if (error != 0)
        {
            Diagnostics.Write($"supervisor: cannot start the agent: error {error}");
            return false;
        }

        Volatile.Write(ref _agentPid, pid);
        return true;
    }

    private unsafe int WaitForAgent()
    {
        while (true)
        {
            int status;
            var pid = Libc.waitpid(-1, &status, 0);
            if (pid == _agentPid)
            {
                return Spawner.ExitCodeOf(status);
            }

            if (pid > 0)
            {
                Reaped(pid, status);
            }
            else if (Marshal.GetLastPInvokeError() != Libc.Interrupted)
            {
                return -1;
            }
        }
    }

    private unsafe void ReapFor(int milliseconds)
    {
        var end = Environment.TickCount64 + milliseconds;
        while (Environment.TickCount64 < end && !_stopping)
        {
            int status;
            int pid;
            while ((pid = Libc.waitpid(-1, &status, Libc.NoHang)) > 0)
            {
                Reaped(pid, status);
            }

            Thread.Sleep(50);
        }
    }

    private void Reaped(int pid, int status)
    {
        if (JsonFile.Read(folder.TrainerRecord, AgentJson.Default.TrainerRecord) is { Trainer: { } trainer } record
            && trainer.Pid == pid && !File.Exists(folder.TrainerExit))
        {
            var exit = new TrainerExit { ExitCode = Spawner.ExitCodeOf(status), OutOfMemory = OomCounter.Explains(Spawner.ExitCodeOf(status), record.OomKillsBefore) };
            if (!TryWrite(exit))
            {
                // A full disk must neither lose the code nor keep us from looking after the agent meanwhile.
                new Thread(() =>
                {
                    do
                    {
                        Thread.Sleep(1000);
                    }
                    while (!TryWrite(exit));
                })
                { IsBackground = true }.Start();
            }
        }
    }

    private bool TryWrite(TrainerExit exit)
    {
        try
        {
            JsonFile.Write(folder.TrainerExit, exit, AgentJson.Default.TrainerExit);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Write($"supervisor: the exit code {exit.ExitCode} cannot be written yet: {e.Message}");
            return false;
        }
    }
}
