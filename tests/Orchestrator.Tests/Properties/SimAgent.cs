using Orchestrator.Checkpoints;
using Orchestrator.Determinism;
using Orchestrator.Protocol;

namespace Orchestrator.Tests.Properties;

/// <summary>The agent and trainer on one instance: they go on whether anybody listens or not.</summary>
public sealed class SimAgent(SimInstance instance, SeededRandom random, Faults faults, SimStore store, SimTrainer trainer, string attemptPrefix, int? heir = null)
{
    private static readonly TimeSpan _perStep = TimeSpan.FromSeconds(10);

    private readonly bool _badMemory = random.Chance(faults.BadMemory);
    private readonly HashSet<string> _done = [];
    private readonly List<(DateTimeOffset At, Action Do)> _timers = [];
    private DateTimeOffset? _trainsFrom;
    private long _resumedAt;
    private int _ordinal;
    private long _lastSaved;
    private bool _exited;
    private bool _stalls;

    public SimInstance Instance { get; } = instance;
    public List<AgentEvent> Journal { get; } = [];
    public long? Step { get; private set; }

    /// <summary>The step since which its loss is NaN.</summary>
    public long? BrokenAt => Step >= trainer.BreaksAt ? trainer.BreaksAt : null;

    /// <summary>The checkpoint whose unchanged files the next one references.</summary>
    public string? BuildsOn { get; private set; }
    public DateTimeOffset CutUntil { get; set; } = DateTimeOffset.MinValue;

    public const long CheckpointBytes = 1_000_000_000;

    /// <summary>Whether data was fetched, and what was.</summary>
    public long Fetched { get; private set; }

    public long Sent { get; private set; }

    public bool Trains => _trainsFrom is not null && !_exited;

    public bool ReachableAt(DateTimeOffset now) => Instance.RunsAt(now) && now >= Instance.RunsFrom!.Value.AddSeconds(20) && !Instance.Hung && now >= CutUntil;

    public void Receive(string key, AgentCommand command, DateTimeOffset now)
    {
        if (_done.Add(key))
        {
            After(now, random.Next(20), at => Obey(command, at));
        }
    }

    public void Advance(DateTimeOffset now, bool calm)
    {
        if (!Instance.RunsAt(now) || Instance.Hung)
        {
            return;
        }

        for (var i = 0; i < _timers.Count; i++)
        {
            if (_timers[i].At <= now)
            {
                var due = _timers[i].Do;
                _timers.RemoveAt(i--);
                due();
            }
        }

        if (!Trains)
        {
            return;
        }

        if (!calm && (_stalls |= random.Chance(faults.Stalls)))
        {
            return;
        }

        if (!calm && random.Chance(faults.Hostile))
        {
            SayNonsense(now);
        }

        Step = Math.Min(trainer.Total, _resumedAt + (long)((now - _trainsFrom!.Value) / _perStep));
        if (trainer.SavesEvery > 0 && Step - _lastSaved >= trainer.SavesEvery)
        {
            Save(now, Step.Value);
        }

        if (!calm && random.Chance(faults.TrainerLost))
        {
            _exited = true;
            Say(s => new TrainerVanished("killed") { Seq = s, At = now });
        }
        else if (!calm && random.Chance(faults.TrainerFails))
        {
            Exit(now, 1);
        }
        else if (!calm && random.Chance(faults.HostLeaves))
        {
            // The host's own signal reached the trainer; mostly it is gone soon after.
            Exit(now, random.Chance(0.5) ? 0 : 143, hostLeaves: true);
            Instance.Stopped = random.Chance(0.3);
        }
        else if (Step >= trainer.Total)
        {
            Exit(now, 0);
        }
    }

    private void Obey(AgentCommand command, DateTimeOffset now)
    {
        switch (command)
        {
            case CheckHost:
                var fails = random.Chance(faults.CheckFails) && now < trainer.CalmFrom;
                Say(s => new HostChecked(fails ? "too little disk" : null, "fine") { Seq = s, At = now });
                break;
            case StageFiles stage when stage.RestoreManifestKey is { } key && (!store.IsWhole(key) || (_badMemory && now < trainer.CalmFrom)):
                Say(s => new StageRefused(StageRefusal.CheckpointDamaged, key, "hash differs") { Seq = s, At = now });
                break;
            case StageFiles when random.Chance(faults.CheckFails * 0.3) && now < trainer.CalmFrom:
                Say(s => new StageRefused((StageRefusal)(random.Next(20) switch { 0 => 2, var n => n % 2 * 3 }), null, "cannot") { Seq = s, At = now });
                break;
            case StageFiles stage:
                Fetched += (heir is null ? World.Loads.DataBytes : 0) + (stage.RestoreManifestKey is null ? 0 : CheckpointBytes);
                BuildsOn = stage.RestoreManifestKey;
                _resumedAt = BuildsOn is null ? 0 : store.Manifests[BuildsOn].Step!.Value;
                _lastSaved = _resumedAt;
                Say(s => new FilesStaged(stage.RestoreManifestKey, 1) { Seq = s, At = now });
                break;
            case StartTrainer:
                _trainsFrom = now;
                Say(s => new TrainerStarted(1) { Seq = s, At = now });
                break;
            case SaveNow save:
                var key2 = Trains && trainer.SavesEvery > 0 ? Save(now, Step ?? _resumedAt) : null;
                Say(s => new SaveDone(save.Request, key2, "") { Seq = s, At = now });
                break;
            case DrainTrainer drain:
                Drain(now, drain.Stacks && Trains ? "Thread 1 (idle)\n    wait (queue.py:171)" : null);
                break;
            case RetireCheckpoint retire:
                BuildsOn = BuildsOn == retire.ManifestKey ? null : BuildsOn;
                Say(s => new RetireDone(retire.ManifestKey) { Seq = s, At = now });
                break;
            case CleanHost clean:
                Say(s => new HostCleaned(random.Chance(0.9), "") { Seq = s, At = now, KeptData = clean.KeepData });
                break;
            default:
                break;
        }
    }

    private void Drain(DateTimeOffset now, string? stacks)
    {
        if (Trains)
        {
            Exit(now, 143);
        }

        if (trainer.SavesEvery > 0 && Step > _lastSaved)
        {
            Save(now, Step.Value);
        }

        var stored = !random.Chance(faults.CheckFails * 0.2) || now >= trainer.CalmFrom;
        Say(s => new DrainDone(stored, true, stored ? "" : "outputs missing") { Seq = s, At = now, Stacks = stacks });
    }

    private string Save(DateTimeOffset now, long step)
    {
        var checkpoint = new CheckpointRef
        {
            Attempt = heir ?? Instance.Attempt,
            Ordinal = ++_ordinal,
            ManifestKey = ObjectKeys.Manifest(attemptPrefix, _ordinal),
            Entry = $"step-{step}",
            Step = step,
            Bytes = CheckpointBytes,
        };
        Sent += CheckpointBytes;
        _lastSaved = step;
        store.Put(checkpoint, random.Chance(0.5) ? BuildsOn : null);
        if (random.Chance(faults.Damage) && now < trainer.CalmFrom)
        {
            store.Damaged.Add(checkpoint.ManifestKey);
        }

        BuildsOn = checkpoint.ManifestKey;
        Say(s => new CheckpointStored(checkpoint.Ordinal, checkpoint.ManifestKey, checkpoint.Entry, step, CheckpointBytes, 1, TimeSpan.FromSeconds(1)) { Seq = s, At = now });
        return checkpoint.ManifestKey;
    }

    private void Exit(DateTimeOffset now, int code, bool hostLeaves = false)
    {
        _exited = true;
        var kind = code == 1 ? random.Next(5) : 0;
        Say(s => new TrainerEnded
        {
            Seq = s, At = now, ExitCode = code, Step = Step, Tail = "epoch 1\nbye\n", OutOfMemory = kind == 1, InSetup = kind == 2, NotStarted = kind == 3,
            DiskFull = kind == 4, HostLeaves = hostLeaves,
        });
    }

    /// <summary>What a hostile or broken host may claim.</summary>
    private void SayNonsense(DateTimeOffset now)
    {
        var stranger = ObjectKeys.Manifest("jobs/other-1/e1/a0001/", 1);
        Func<long, AgentEvent>[] claims =
        [
            s => new CheckpointStored(_ordinal + 1, stranger, "x", 1_000_000, 1, 1, default) { Seq = s, At = now },
            s => new CheckpointStored(_ordinal, ObjectKeys.Manifest(attemptPrefix, _ordinal), "x", 1_000_000, 1, 1, default) { Seq = s, At = now },
            s => new CheckpointStored(_ordinal + 7, ObjectKeys.Manifest(attemptPrefix, _ordinal + 7), "../x", 5, 1, 1, default) { Seq = s, At = now },
            s => new HostProblem("\u0001\ud83d\ude00" + new string('x', 5000)) { Seq = s, At = now },
            s => new RetireDone(stranger) { Seq = s, At = now },
            s => new SaveDone(424242, stranger, "") { Seq = s, At = now },
            s => new FilesStaged(stranger, long.MaxValue) { Seq = s, At = now },
            s => new HostChecked("no", "") { Seq = s, At = now },
            s => new DrainDone(true, true, "") { Seq = s, At = now },
            s => new HostCleaned(true, "") { Seq = s, At = now },
            s => new CheckpointDiscarded("e", "changed") { Seq = s, At = now },
            s => new CheckpointStored(int.MinValue, null!, null!, long.MinValue, -1, int.MinValue, TimeSpan.MinValue) { Seq = s, At = DateTimeOffset.MinValue },
            s => new CheckpointStored(_ordinal, ObjectKeys.Manifest(attemptPrefix, _ordinal), null!, long.MaxValue, long.MaxValue, int.MaxValue, TimeSpan.MaxValue) { Seq = s, At = DateTimeOffset.MaxValue },
            s => new CheckpointDiscarded(null!, null!) { Seq = s, At = now },
            s => new StageRefused((StageRefusal)99, null, null!) { Seq = s, At = now },
            s => new SaveDone(long.MinValue, null, null!) { Seq = s, At = now },
            s => new FilesStaged(null, long.MinValue) { Seq = s, At = now },
            s => new HostProblem(null!) { Seq = s, At = now },
        ];
        Say(claims[random.Next(claims.Length)]);
    }

    private void Say(Func<long, AgentEvent> make) => Journal.Add(make(Journal.Count + 1));

    private void After(DateTimeOffset now, int seconds, Action<DateTimeOffset> act) => _timers.Add((now.AddSeconds(seconds), () => act(now.AddSeconds(seconds))));
}
