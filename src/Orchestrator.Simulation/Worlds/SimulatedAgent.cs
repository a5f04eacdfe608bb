using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Simulation.Worlds;

/// <summary>
/// Agent and trainer on one instance. Nothing is stepped: from the fate of the instance follows when each thing happens, and
/// of the checkpoints between two looks only the newest is put into the store, since no other can ever be restored.
/// </summary>
internal sealed class SimulatedAgent(SimulatedInstance instance, SimulatedWork work, SimulatedStore store, string attemptPrefix)
{
    private static readonly TimeSpan _answers = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _wipes = TimeSpan.FromSeconds(20);

    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly List<AgentEvent> _journal = [];
    private readonly List<(DateTimeOffset At, Action<DateTimeOffset> Do)> _timers = [];
    private DateTimeOffset _lookedAt;
    private long _resumedAt;
    private int _ordinal;
    private bool _ended;

    /// <summary>When training began here; null = not yet.</summary>
    public DateTimeOffset? TrainsFrom { get; private set; }

    /// <summary>When training ended or was cut off.</summary>
    public DateTimeOffset? TrainedUntil { get; private set; }

    /// <summary>Gigabytes received and sent.</summary>
    public double Received { get; private set; }

    public double Sent { get; private set; }

    /// <summary>Gigabytes received from the store, image aside.</summary>
    public double FromStore { get; private set; }

    /// <summary>Seconds of the estimate: where it began, and what it holds durably.</summary>
    public long Began => _resumedAt;

    public long Durable { get; private set; }

    /// <summary>Seconds of the estimate that were done here by the end, durable or not.</summary>
    public long Reached => TrainsFrom is { } from ? WorkAt((TrainedUntil ?? from) - from) : _resumedAt;

    /// <summary>The next instant at which something happens here by itself; null = never.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            var next = NextPaidUpload;
            foreach (var (at, _) in _timers)
            {
                next = next is null || at < next ? at : next;
            }

            return next < CutAt ? next : null;
        }
    }

    /// <summary>Where sending costs money, each checkpoint is told of as it is stored: the budget is watched by them.</summary>
    private DateTimeOffset? NextPaidUpload
    {
        get
        {
            if (instance.Offer.UpPerGB <= Money.Zero || !work.HasCheckpoints || _ended || TrainsFrom is not { } from)
            {
                return null;
            }

            var upload = instance.Fate.Upload(work.CheckpointGB);
            var beat = instance.Rhythm.Stored(upload);
            return from + upload + (beat * (Math.Max(0, (_lookedAt - from - upload).Ticks / beat.Ticks) + 1));
        }
    }

    private DateTimeOffset CutAt => instance.DestroyedAt < instance.LostAt ? instance.DestroyedAt.Value : instance.LostAt;

    public ImmutableArray<AgentEvent> After(long seq) => seq >= _journal.Count ? [] : [.. CollectionsMarshal.AsSpan(_journal)[(int)seq..]];

    public void Receive(string key, AgentCommand command, DateTimeOffset now)
    {
        if (_done.Add(key))
        {
            Obey(command, now);
        }
    }

    /// <summary>Lets happen what is due, up to the loss of the host.</summary>
    public void Advance(DateTimeOffset now)
    {
        var until = now < CutAt ? now : CutAt;
        _lookedAt = now;
        for (var i = 0; i < _timers.Count; i++)
        {
            if (_timers[i].At <= until)
            {
                var (at, act) = _timers[i];
                _timers.RemoveAt(i);
                act(at);
                i = -1;
            }
        }

        if (TrainsFrom is not null && !_ended)
        {
            SaveBy(until);
            if (CutAt <= now)
            {
                _ended = true;
                TrainedUntil = CutAt;
            }
        }
    }

    private void Obey(AgentCommand command, DateTimeOffset now)
    {
        switch (command)
        {
            case CheckHost:
                At(now + _answers, at => Say(s => new HostChecked(null, "fine") { Seq = s, At = at }));
                break;
            case StageFiles stage:
                var restored = stage.RestoreManifestKey is null ? 0 : work.CheckpointGB;
                FromStore += work.DataGB + restored;
                Received += work.DataGB + restored;
                _resumedAt = store.StepOf(stage.RestoreManifestKey);
                Durable = _resumedAt;
                var moved = (long)((work.DataGB + restored) * 1e9);
                At(now + _answers + instance.Fate.Download(work.DataGB + restored), at => Say(s => new FilesStaged(stage.RestoreManifestKey, moved) { Seq = s, At = at }));
                break;
            case StartTrainer:
                At(now + _answers + work.Setup, Start);
                break;
            case DrainTrainer:
                Drain(now);
                break;
            case RetireCheckpoint retire:
                At(now + _answers, at => Say(s => new RetireDone(retire.ManifestKey) { Seq = s, At = at }));
                break;
            case CleanHost:
                At(now + _wipes, at => Say(s => new HostCleaned(true, "") { Seq = s, At = at }));
                break;
            default:
                break;
        }
    }

    private void Start(DateTimeOffset now)
    {
        TrainsFrom = now;
        Say(s => new TrainerStarted(1) { Seq = s, At = now });
        At(now + TimeFor(work.TotalSeconds), at => End(at, 0, hostLeaves: false));
        if (instance.Fate.Loss == LossKind.Noticed && instance.LostAt - instance.Fate.Notice > now)
        {
            At(instance.LostAt - instance.Fate.Notice, at => End(at, 143, hostLeaves: true));
        }
    }

    private void End(DateTimeOffset now, int code, bool hostLeaves)
    {
        if (_ended)
        {
            return;
        }

        SaveBy(now);
        _ended = true;
        TrainedUntil = now;
        var step = code == 0 ? work.TotalSeconds : WorkAt(now - TrainsFrom!.Value);
        Durable = code == 0 ? Math.Max(Durable, step) : Durable;
        Say(s => new TrainerEnded { Seq = s, At = now, ExitCode = code, Step = step, HostLeaves = hostLeaves });
    }

    /// <summary>The trainer saves once more, unless it is done, and what is due is sent.</summary>
    private void Drain(DateTimeOffset now)
    {
        var step = TrainsFrom is { } from ? WorkAt((TrainedUntil ?? now) - from) : _resumedAt;
        var finished = _ended && step >= work.TotalSeconds;
        if (!_ended && TrainsFrom is not null)
        {
            SaveBy(now);
            _ended = true;
            TrainedUntil = now;
        }

        var saves = work.HasCheckpoints && step > Durable;
        var sent = (saves ? work.CheckpointGB : 0) + (finished ? work.OutputsGB : 0);
        var stored = now + _answers + (saves ? instance.Rhythm.Blocking : TimeSpan.Zero) + instance.Fate.Upload(sent);
        At(stored, at =>
        {
            Sent += sent;
            if (saves)
            {
                Store(at, step, work.CheckpointGB);
            }

            Say(s => new DrainDone(true, true, "") { Seq = s, At = at });
        });
    }

    /// <summary>The newest checkpoint that is durable by then.</summary>
    private void SaveBy(DateTimeOffset now)
    {
        if (!work.HasCheckpoints || TrainsFrom is not { } from)
        {
            return;
        }

        var upload = instance.Fate.Upload(work.CheckpointGB);
        var beat = instance.Rhythm.Stored(upload);
        var count = (now - from - upload).Ticks / beat.Ticks;
        if (count <= 0)
        {
            return;
        }

        // One that would hold all the work is the end, not a checkpoint.
        var step = WorkAt(new TimeSpan(count * beat.Ticks));
        if (step <= Durable || step >= work.TotalSeconds)
        {
            return;
        }

        var before = Sent;
        Sent = Math.Max(Sent, count * work.CheckpointGB);
        Store(now, step, Sent - before);
    }

    /// <param name="now">When it is there.</param>
    /// <param name="step">What it holds.</param>
    /// <param name="sent">Gigabytes sent since the last one that was told of, with those that no longer matter.</param>
    private void Store(DateTimeOffset now, long step, double sent)
    {
        var checkpoint = new CheckpointRef
        {
            Attempt = instance.Attempt,
            Ordinal = ++_ordinal,
            ManifestKey = ObjectKeys.Manifest(attemptPrefix, _ordinal),
            Entry = "step",
            Step = step,
            Bytes = (long)(work.CheckpointGB * 1e9),
        };
        Durable = step;
        store.Put(checkpoint);
        Say(s => new CheckpointStored(checkpoint.Ordinal, checkpoint.ManifestKey, checkpoint.Entry, step, checkpoint.Bytes, 1, TimeSpan.Zero)
        {
            Seq = s, At = now, Line = new LineUse((long)Math.Ceiling(sent * 1e9), TimeSpan.Zero),
        });
    }

    /// <summary>Work done so long after the start, in seconds of the estimate.</summary>
    private long WorkAt(TimeSpan trained) => Math.Min(work.TotalSeconds, _resumedAt + (long)(trained.TotalSeconds * TrainingShare * instance.Fate.Speed));

    private TimeSpan TimeFor(long step) => TimeSpan.FromSeconds(Math.Ceiling((step - _resumedAt) / (TrainingShare * instance.Fate.Speed)) + 1);

    /// <summary>Of the time; for the rest it stands still for checkpoints.</summary>
    private double TrainingShare => work.HasCheckpoints ? 1 - (instance.Rhythm.Blocking / instance.Rhythm.Made(instance.Fate.Upload(work.CheckpointGB))) : 1;

    private void Say(Func<long, AgentEvent> make) => _journal.Add(make(_journal.Count + 1));

    private void At(DateTimeOffset at, Action<DateTimeOffset> act) => _timers.Add((at, act));
}
