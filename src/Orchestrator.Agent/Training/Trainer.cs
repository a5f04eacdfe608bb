using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Agent.Journal;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Staging;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Training;

/// <summary>Starts the trainer once, finds it again after our own death, and reports how it ended.</summary>
internal sealed class Trainer(AgentFolder folder, StateFile state, AgentJournal journal, ProgressTracker progress, TrainerLog log, TimeProvider time)
{
    private const int TailBytes = 4096;
    private const int Tries = 5;
    private static readonly TimeSpan WrapperPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LostPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SignalsSettle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private readonly Lock _observing = new();
    private long? _missingSince;
    private long? _exitSeen;
    private TrainerRecord? _record;
    private volatile bool _starting;

    /// <summary>Kept in memory only.</summary>
    public TrainerStatus Status { get; private set; }

    public TrainerRecord? Record => _record is { Trainer: not null } ? _record : _record = JsonFile.Read(folder.TrainerRecord, AgentJson.Default.TrainerRecord);

    public TrainerExit? Exit => JsonFile.Read(folder.TrainerExit, AgentJson.Default.TrainerExit);

    /// <summary>Setup or the trainer runs, or is about to.</summary>
    public bool IsLive => _starting || Status is TrainerStatus.SettingUp or TrainerStatus.Running;

    /// <summary>Returns once it is on record; what becomes of it is reported by <see cref="Observe"/>.</summary>
    public async Task StartAsync(string key, TrainerOrder order, CancellationToken cancellation)
    {
        if (Record is not null)
        {
            Diagnostics.Write("the trainer was started before; nothing is started again");
            return;
        }

        // The order to start names no sources any more; what was put where stays known, for the wipe.
        state.Change(s => s with { Order = order with { Sources = order.Sources.IsDefaultOrEmpty && s.Order is { } staged ? staged.Sources : order.Sources } });
        _starting = true;
        try
        {
            for (var attempt = 1; attempt <= Tries; attempt++)
            {
                var launch = Prepare(key, order);
                if (Spawn(launch) is { } wrapper && await OnRecordAsync(wrapper, cancellation))
                {
                    Observe();
                    return;
                }
            }
        }
        catch (RefusedPathException e)
        {
            NotStarted(key, e.Message);
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostFailed(key, e.Message);
            return;
        }
        finally
        {
            _starting = false;
        }

        HostFailed(key, "the trainer's wrapper ends at once; see agent/agent.log on the host");
    }

    /// <summary>Looks at the trainer and journals what is new.</summary>
    public void Observe()
    {
        // Two at once would both find an event missing and both write it.
        lock (_observing)
        {
            Look();
        }
    }

    private void Look()
    {
        if (journal.Has("trainer-ended"))
        {
            Status = TrainerStatus.Exited;
            return;
        }

        if (Record is not { } record)
        {
            return;
        }

        if (record.Trainer is { } trainer && !journal.Has("trainer-started"))
        {
            journal.Append(new TrainerStarted(trainer.Pid) { Seq = 0, At = default }, record.Key);
        }

        if (Exit is { } exit)
        {
            if (!MayBeTheHosts(exit))
            {
                Ended(record, exit);
            }
        }
        else if (journal.Has("trainer-vanished"))
        {
            Status = TrainerStatus.Lost;
        }
        else if (record.Wrapper.IsAlive || record.Trainer is { IsAlive: true })
        {
            _missingSince = null;
            Status = record.Trainer is null ? TrainerStatus.SettingUp : TrainerStatus.Running;
        }
        else
        {
            Missing(record);
        }
    }

    private void Ended(TrainerRecord record, TrainerExit exit)
    {
        progress.ReadToEnd();
        Status = TrainerStatus.Exited;
        var tail = log.Tail(TailBytes);
        journal.Append(
            new TrainerEnded
            {
                Seq = 0,
                At = default,
                ExitCode = exit.ExitCode,
                InSetup = exit.InSetup,
                NotStarted = exit.NotStarted,
                TimedOut = exit.TimedOut,
                OutOfMemory = exit.OutOfMemory,
                HostLeaves = state.Current.HostLeaves,
                DiskFull = exit.ExitCode != 0 && (DiskFull.IsAt(folder.Root) || DiskFull.IsMeantBy(tail, new SpecPaths(folder).Written(state.Current.Order))),
                Step = progress.Step,
                Tail = tail,
                Marked = exit.ExitCode == 0 ? [] : LastWords.Marked(log, state.Current.Order, progress.IsProgress),
            },
            journal.IsDone(record.Key) ? null : record.Key);
    }

    /// <summary>
    /// A host that goes down signals everybody at about the same time, and the trainer may be quicker than we: an end that such
    /// a signal brings about is not told before ours would have come. Trainers make any exit code of it.
    /// </summary>
    private bool MayBeTheHosts(TrainerExit exit)
    {
        if (state.Current is not { DrainSignalled: false, HostLeaves: false })
        {
            return false;
        }

        _exitSeen ??= time.GetTimestamp();
        return time.GetElapsedTime(_exitSeen.Value) < SignalsSettle;
    }

    private void Missing(TrainerRecord record)
    {
        // The wrapper, or the supervisor in its stead, may be about to write the exit code.
        _missingSince ??= time.GetTimestamp();
        var rebooted = record.Wrapper.BootId != ProcessIdentity.CurrentBoot;
        if (!rebooted && time.GetElapsedTime(_missingSince.Value) < LostPatience)
        {
            return;
        }

        Status = TrainerStatus.Lost;
        var who = (record.Trainer ?? record.Wrapper).ToString();
        journal.Append(
            new TrainerVanished(rebooted ? $"the host has rebooted; {who} is gone" : $"{who} is gone without an exit code") { Seq = 0, At = default },
            journal.IsDone(record.Key) ? null : record.Key);
    }

    private void NotStarted(string key, string words)
    {
        Diagnostics.Write($"the trainer cannot be started: {words}");
        journal.Append(new TrainerEnded { Seq = 0, At = default, ExitCode = 126, NotStarted = true, Tail = words }, key);
    }

    /// <summary>The host's fault, not the spec's: another host may do, so it is not the end of the job.</summary>
    private void HostFailed(string key, string words)
    {
        Diagnostics.Write($"this host cannot start the trainer: {words}");
        Status = TrainerStatus.Lost;
        journal.Append(new TrainerVanished($"this host cannot start the trainer: {words}") { Seq = 0, At = default }, key);
    }

    private TrainerLaunch Prepare(string key, TrainerOrder order)
    {
        var paths = new SpecPaths(folder);
        var restored = state.Current.RestoredEntry;
        var environment = TrainerEnvironment.Build(Spawner.OwnEnvironment(), order, folder, restored);
        Directory.CreateDirectory(paths.Place(order.OutputDir));
        CreateUnlessFile(paths.Place(order.DataDir));
        if (order.Checkpoints is { } checkpoints)
        {
            Directory.CreateDirectory(paths.Place(checkpoints.Path));
        }

        var path = environment.GetValueOrDefault("PATH");
        return new TrainerLaunch
        {
            Key = key,
            Root = folder.Root,
            Setup = order.Setup is { IsDefaultOrEmpty: false } setup ? TrainerEnvironment.WithShellThatExists(setup, path) : null,
            SetupTimeout = order.SetupTimeout,
            Command = TrainerEnvironment.Command(order, folder, restored, path),
            WorkingDir = order.WorkingDir is { } folderOfWork ? paths.Place(folderOfWork) : folder.WorkingDir,
            Environment = environment,
        };
    }

    /// <summary>Data may be one file, which then lies under that very name.</summary>
    private static void CreateUnlessFile(string path)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(path);
        }
    }

    private unsafe ProcessIdentity? Spawn(TrainerLaunch launch)
    {
        var pipe = stackalloc int[2];
        if (Libc.pipe2(pipe, Libc.CloseOnExec) != 0)
        {
            Diagnostics.Write(string.Create(CultureInfo.InvariantCulture, $"no pipe for the wrapper: error {Marshal.GetLastPInvokeError()}"));
            return null;
        }

        var (pid, error) = Spawner.Start(new SpawnRequest
        {
            File = Environment.ProcessPath!,
            Arguments = ["orchestrator-agent", "exec-trainer"],
            Environment = Spawner.OwnEnvironment(),
            Output = folder.Diagnostics,
            Input = pipe[0],
            OwnSession = true,
        });
        _ = Libc.close(pipe[0]);
        using var handle = new SafeFileHandle(pipe[1], ownsHandle: true);
        if (error != 0)
        {
            Diagnostics.Write($"the wrapper cannot be started: error {error}");
            return null;
        }

        using var writer = new FileStream(handle, FileAccess.Write, bufferSize: 0);
        JsonSerializer.Serialize(writer, launch, AgentJson.Default.TrainerLaunch);
        return ProcessIdentity.Of(pid);
    }

    private async Task<bool> OnRecordAsync(ProcessIdentity wrapper, CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        while (Record is null)
        {
            // Our own zombie still counts as gone; its end without a record means that nothing was started.
            if (!wrapper.IsAlive)
            {
                ReapWrapper(wrapper.Pid);
                return Record is not null;
            }

            if (time.GetElapsedTime(since) > WrapperPatience)
            {
                // One that is merely slow would start a second trainer beside the next wrapper's. No identity is reused while it is our child.
                _ = Libc.kill(wrapper.Pid, Libc.SigKill);
            }

            await Task.Delay(Between, time, cancellation);
        }

        return true;
    }

    private static unsafe void ReapWrapper(int pid)
    {
        int status;
        _ = Libc.waitpid(pid, &status, Libc.NoHang);
    }
}
