using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Training;

/// <summary>
/// The trainer's parent and the leader of its session: runs setup, then the trainer, and writes the exit code to a file. It
/// outlives agent and supervisor, so that the death of neither ends training nor loses the exit code.
/// </summary>
internal static class TrainerWrapper
{
    private const nint Ignore = 1;
    private const int NotFound = 127;
    private const int NotExecutable = 126;

    public static int Run()
    {
        foreach (var number in (ReadOnlySpan<int>)[1, 2, 3, 15])
        {
            Libc.signal(number, Ignore);
        }

        TrainerLaunch launch;
        using (var input = StandardStreams.OpenInput())
        {
            try
            {
                launch = JsonSerializer.Deserialize(input, AgentJson.Default.TrainerLaunch)!;
            }
            catch (JsonException)
            {
                // The agent died while it wrote: nothing has been started, and the command is sent again.
                Diagnostics.Write("wrapper: the order is cut off; nothing is started");
                return 1;
            }
        }

        var folder = new AgentFolder(launch.Root);
        var before = OomCounter.Read();
        var record = new TrainerRecord(launch.Key, ProcessIdentity.Self, null, before);
        JsonFile.Write(folder.TrainerRecord, record, AgentJson.Default.TrainerRecord);

        var exit = RunBoth(launch, folder, record);
        exit = exit with { OutOfMemory = OomCounter.Explains(exit.ExitCode, before) };
        while (!TryWrite($"the exit code {exit.ExitCode}", () => JsonFile.Write(folder.TrainerExit, exit, AgentJson.Default.TrainerExit)))
        {
            // A full disk: the code must not be lost, and there is nothing else left to do.
            Thread.Sleep(1000);
        }

        return 0;
    }

    private static TrainerExit RunBoth(TrainerLaunch launch, AgentFolder folder, TrainerRecord record)
    {
        try
        {
            Environment.CurrentDirectory = launch.WorkingDir;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(folder, $"the working folder {launch.WorkingDir} cannot be entered: {e.Message}");
            return new TrainerExit { ExitCode = NotExecutable, NotStarted = true };
        }

        if (launch.Setup is { IsDefaultOrEmpty: false } setup)
        {
            var code = RunOne(setup, launch, folder, null, launch.SetupTimeout, out var started, out var timedOut);
            if (code != 0 || timedOut)
            {
                return new TrainerExit { ExitCode = code, InSetup = true, NotStarted = !started, TimedOut = timedOut };
            }
        }

        var end = RunOne(launch.Command, launch, folder, record, null, out var run, out _);
        return new TrainerExit { ExitCode = end, NotStarted = !run };
    }

    private static int RunOne(
        IReadOnlyList<string> command, TrainerLaunch launch, AgentFolder folder, TrainerRecord? record, TimeSpan? limit, out bool started, out bool timedOut)
    {
        started = false;
        timedOut = false;
        if (CommandSearch.Find(command[0], launch.Environment.GetValueOrDefault("PATH")) is not { } file)
        {
            Say(folder, $"{command[0]}: command not found");
            return NotFound;
        }

        var (pid, error) = Spawner.Start(new SpawnRequest
        {
            File = file,
            Arguments = command,
            Environment = launch.Environment,
            Output = folder.TrainerLog,
            OwnGroup = true,
        });
        if (error != 0)
        {
            Say(folder, $"{file}: cannot be started: {new System.ComponentModel.Win32Exception(error).Message}");
            return error == Libc.NoSuchEntry ? NotFound : NotExecutable;
        }

        started = true;
        if (record is not null)
        {
            // Nobody reaps it before we wait for it, so its entry is there even if it has ended by now.
            var ticks = ProcessEntry.Read(pid)?.StartTicks ?? 0;
            var known = record with { Trainer = new ProcessIdentity(ProcessIdentity.CurrentBoot, pid, ticks) };
            while (!TryWrite("the trainer's record", () => JsonFile.Write(folder.TrainerRecord, known, AgentJson.Default.TrainerRecord)))
            {
                Thread.Sleep(500);
            }
        }

        return Wait(pid, limit, out timedOut);
    }

    private static unsafe int Wait(int pid, TimeSpan? limit, out bool timedOut)
    {
        timedOut = false;
        int status;
        var deadline = limit is { } span ? Environment.TickCount64 + (long)span.TotalMilliseconds : long.MaxValue;
        while (true)
        {
            var waited = Libc.waitpid(pid, &status, limit is null ? 0 : Libc.NoHang);
            if (waited == pid)
            {
                return Spawner.ExitCodeOf(status);
            }

            if (waited < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted)
            {
                return 1;
            }

            if (Environment.TickCount64 >= deadline)
            {
                timedOut = true;
                _ = Libc.kill(-pid, Environment.TickCount64 < deadline + 5000 ? Libc.SigTerm : Libc.SigKill);
            }

            Thread.Sleep(50);
        }
    }

    private static bool TryWrite(string what, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Write($"wrapper: {what} cannot be written yet: {e.Message}");
            return false;
        }
    }

    /// <summary>Into the user's log, where they look first.</summary>
    private static void Say(AgentFolder folder, string words)
    {
        try
        {
            using var log = new FileStream(folder.TrainerLog, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            log.Write(Encoding.UTF8.GetBytes($"orchestrator: {words}\n"));
        }
        catch (IOException e)
        {
            Diagnostics.Write($"wrapper: {words} ({e.Message})");
        }
    }
}
