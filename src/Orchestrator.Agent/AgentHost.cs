using System.Runtime.InteropServices;
using Orchestrator.Agent.Ahead;
using Orchestrator.Agent.Attaching;
using Orchestrator.Agent.Checking;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Cleaning;
using Orchestrator.Agent.Draining;
using Orchestrator.Agent.Journal;
using Orchestrator.Agent.Leasing;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Outputs;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Staging;
using Orchestrator.Agent.Supervising;
using Orchestrator.Agent.Training;
using Orchestrator.Agent.Transfers;
using Orchestrator.Protocol;

namespace Orchestrator.Agent;

/// <summary>The agent: joins its parts, keeps them going, and hands what the server says to the one it concerns.</summary>
internal sealed class AgentHost : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _stop = new();
    private readonly CommandDesk _desk;
    private readonly DiskReserve _reserve;
    private readonly StateFile _state;
    private readonly Trainer _trainer;
    private readonly TrustedAuthorities _trust;
    private readonly StoreClient _store;
    private readonly AheadKeeper _ahead;
    private readonly Stager _stager;
    private readonly CheckpointKeeper _keeper;
    private readonly SaveRequester _saver;
    private readonly OutputStore _outputs;
    private readonly Drainer _drainer;
    private readonly HostLeave _leave;
    private readonly HostLease _lease;
    private bool _identified;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AgentHost(AgentFolder folder, string label)
    {
        Folder = folder;
        Time = TimeProvider.System;
        _state = new StateFile(folder.State);
        if (_state.Current.Label != label && label.Length > 0)
        {
            _state.Note(s => s with { Label = label });
        }

        Log = new TrainerLog(folder, _state);
        _reserve = new DiskReserve(folder.Reserve);
        _reserve.Take();
        Journal = new AgentJournal(folder.Journal, Time, MakeRoom);
        Problems = new ProblemReporter(Journal, Time);
        Trouble = new HostTrouble(folder, Problems, Time);
        Grants = new GrantBroker(Time);
        Presence = new ServerPresence(Time);
        Progress = new ProgressTracker(folder, _state, Log);
        _trainer = new Trainer(folder, _state, Journal, Progress, Log, Time);
        _trust = new TrustedAuthorities(folder.Trust);
        _store = new StoreClient(Grants, Presence, Problems, _trust, Time);
        _ahead = new AheadKeeper(folder.Ahead, _state, Presence, Grants, Problems, Time);
        var stored = new StoredCheckpoints(folder.Stored) { RestoredKey = _state.Current.RestoredManifestKey };
        _stager = new Stager(folder, _state, _store, stored);
        _keeper = new CheckpointKeeper(folder, _state, Journal, Problems, _trainer, Progress, new CheckpointUploader(folder, _state, _store, stored, _ahead, Time), stored, _ahead, Time);
        _saver = new SaveRequester(folder, _state, _trainer, _keeper, Time);
        _outputs = new OutputStore(folder, _state, _trainer, _store, Time);
        _drainer = new Drainer(_state, _trainer, new TrainerStacks(folder, _state, _trainer, Log, Time), _keeper, _outputs, Log, Time);
        _leave = new HostLeave(_state, Journal, Presence, Trouble, _drainer, Time);
        var end = new LeaseEnd(_state, Journal, stop => _drainer.DrainAsync(LeaseEnd.Grace, withStacks: false, stop), () => new HostCleaner(folder).Clean(_state.Current.Order).Words, new InstanceEnd(_trust, Time).DestroyAsync, Time);
        _lease = new HostLease(folder.Lease, Problems, Presence, end.RunAsync, Time);
        _desk = new CommandDesk(this);
        Journal.Changed += Announce;
        Grants.Changed += Announce;
    }

    public AgentFolder Folder { get; }

    public TimeProvider Time { get; }

    public AgentJournal Journal { get; }

    public TrainerLog Log { get; }

    public GrantBroker Grants { get; }

    public ServerPresence Presence { get; }

    public ProgressTracker Progress { get; }

    public ProblemReporter Problems { get; }

    public HostTrouble Trouble { get; }

    public CancellationToken Stopping => _stop.Token;

    public static async Task<int> RunAsync(AgentFolder folder, CommandLine options)
    {
        folder.Create();
        AgentRecord.EndOther(folder);
        var identified = AgentRecord.Write(folder);
        HeldEntry.Empty(folder.Copies);
        new ImageEntries(folder).Note();
        using var host = new AgentHost(folder, options.Label ?? "") { _identified = identified };
        if (options.Restarts > 0)
        {
            host.Problems.Report("restart", $"the agent ended with {options.LastExit} and was started again; training was not touched");
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _ = host.LeaveAsync();
        });
        var stop = host._stop.Token;
        // One server for good: it remembers which epoch was here.
        var server = new AttachServer(host);
        var work = new[]
        {
            host.Trouble.KeepAsync("listening for servers", () => server.RunAsync(stop), stop),
            host.Trouble.KeepAsync("looking after the trainer", host.LookAsync, stop),
            host.Trouble.KeepAsync("watching checkpoints", () => host._keeper.WatchAsync(stop), stop),
            host.Trouble.KeepAsync("storing checkpoints", () => host._keeper.UploadAsync(stop), stop),
            host.Trouble.KeepAsync("keeping grants ahead", () => host._ahead.KeepAsync(stop), stop),
            host.Trouble.KeepAsync("asking for checkpoints", () => host._saver.AskRegularlyAsync(stop), stop),
            host.Trouble.KeepAsync("keeping the lease", () => host._lease.KeepAsync(stop), stop),
            host.Trouble.KeepAsync("storing outputs", () => host._outputs.StoreRegularlyAsync(stop), stop),
        };
        try
        {
            // None of them ends by itself: one that fails by our own fault ends the agent, and the supervisor brings up a fresh one.
            await await Task.WhenAny(work);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }

        return Supervisor.StopCode;
    }

    public Hello Greeting() => new()
    {
        Major = ProtocolVersion.Major,
        Minor = ProtocolVersion.Minor,
        AgentVersion = AgentVersion.Text,
        Label = _state.Current.Label,
        BootId = ProcessIdentity.CurrentBoot,
        LastSeq = Journal.LastSeq,
        LogLength = Log.Length,
        TrustHash = _trust.Hash,
    };

    public void Trust(string authorities)
    {
        try
        {
            _trust.Take(authorities);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not keep the server out; the next attach brings them again.
            Problems.Report("trust", $"the authorities to trust with stores cannot be kept: {e.Message}");
        }
    }

    public Heartbeat Beat() => new()
    {
        LastSeq = Journal.LastSeq,
        Trainer = _trainer.Status,
        Step = Progress.Step,
        TotalSteps = Progress.Total,
        Metrics = Progress.Metrics,
        NotFinite = Progress.NotFinite,
        DiskFree = new DriveInfo(Folder.Files).AvailableFreeSpace,
        Activity = _stager.Activity ?? _keeper.Activity,
    };

    /// <summary>Ends at the next thing worth telling a server.</summary>
    public Task NextNews() => Volatile.Read(ref _news).Task;

    public void Handle(ServerMessage message)
    {
        switch (message)
        {
            case CommandMessage command:
                _desk.Take(command);
                break;
            case Acknowledge stored:
                Journal.Acknowledge(stored.Seq);
                Log.Acknowledge(stored.LogOffset);
                break;
            case GrantAnswer answer:
                Grants.Answer(answer);
                break;
            case LeaseRenewal renewal:
                _lease.Renew(renewal);
                break;
        }
    }

    public async Task DoAsync(string key, AgentCommand command)
    {
        switch (command)
        {
            case CheckHost check:
                Journal.Append(new HostChecker(Folder).Check(check), key);
                break;
            case StageFiles { Order: { } order } stage:
                _state.Change(s => s with { Order = OrderDefaults.Fill(order) });
                Journal.Append(await _stager.StageAsync(_state.Current.Order!, stage.RestoreManifestKey, _stop.Token), key);
                break;
            case StartTrainer { Order: { } order }:
                await _trainer.StartAsync(key, OrderDefaults.Fill(order), _stop.Token);
                break;
            case SaveNow save:
                Journal.Append(await _saver.SaveAsync(save.Request, save.Within, _stop.Token), key);
                break;
            case DrainTrainer drain:
                Journal.Append(await _drainer.DrainAsync(drain.Grace, drain.Stacks, _stop.Token), key);
                break;
            case RetireCheckpoint retire:
                Journal.Append(await _keeper.LetGoAsync(retire.ManifestKey, _stop.Token), key);
                break;
            case CleanHost clean:
                await _drainer.EndTrainerAsync(TimeSpan.Zero, _stop.Token);
                _state.Note(s => s with { Cleaned = true });
                Log.DropStored();
                Journal.Append(clean.KeepData && !Strays.End(Folder) ? Strays.Left : new HostCleaner(Folder).Clean(_state.Current.Order, clean.KeepData), key);
                break;
            case StopAgent:
                await _drainer.EndTrainerAsync(TimeSpan.Zero, _stop.Token);
                await _stop.CancelAsync();
                break;
            default:
                Problems.Report("unknown command", $"{command.GetType().Name} is unknown to this agent or lacks its order");
                break;
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        Presence.Dispose();
        _store.Dispose();
        _keeper.Dispose();
        Journal.Dispose();
    }

    private async Task LeaveAsync()
    {
        await _leave.SaveAsync(_stop.Token);
        await _stop.CancelAsync();
    }

    private async Task LookAsync()
    {
        while (true)
        {
            _identified = _identified || AgentRecord.Write(Folder);
            _state.CatchUp();
            if (Trouble.Look())
            {
                _reserve.Take();
            }

            _trainer.Observe();
            Progress.ReadToEnd();
            if (Progress.Problem is { } problem)
            {
                Problems.Report("progress", problem);
            }

            if (Journal.Flush() && _state.Current.Order is { } order)
            {
                var lost = Log.Trim(order.LogBytes);
                if (lost > 0)
                {
                    Problems.Report("log", $"{lost} bytes of the trainer's log were dropped on the host before they were stored: it is longer than 4 x {order.LogBytes} bytes");
                }
            }

            await Task.Delay(Look, Time, _stop.Token);
        }
    }

    private void MakeRoom()
    {
        _reserve.Shrink();
        Log.DropStored();
    }

    private void Announce() =>
        Interlocked.Exchange(ref _news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
