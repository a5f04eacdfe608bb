using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

/// <summary>How effects meet the world, and what the world does by itself.</summary>
public sealed partial class World
{
    private void Perform(ImmutableArray<Effect> owed, long seqBefore)
    {
        foreach (var effect in owed)
        {
            switch (effect)
            {
                case LaunchInstance launch when launch.CauseSeq > seqBefore || !Mind.LaunchOnlyByCause:
                    Launch(launch);
                    break;
                case DestroyInstance destroy:
                    Destroy(destroy);
                    break;
                case CommandAgent { Command: StartTrainer } start when !Calm && !_commands.ContainsKey((start.Attempt, start.Key)) && _random.Chance(_faults.SecretGone):
                    _inbox.Add(new OrderUnfilled(start.Attempt, "secret hf is not there") { Id = ++_ids });
                    break;
                case CommandAgent command:
                    _commands.TryAdd((command.Attempt, command.Key), command.Command);
                    break;
                case VerifyCheckpoint verify when StoreAnswers():
                    _inbox.Add(_store.IsWhole(verify.Checkpoint.ManifestKey)
                        ? new CheckpointVerified(verify.Checkpoint) { Id = ++_ids }
                        : new CheckpointFoundDamaged(verify.Checkpoint.ManifestKey, "hash differs") { Id = ++_ids });
                    break;
                case ScanManifests scan when StoreAnswers():
                    _inbox.Add(Scan(scan.Attempt) with { Id = ++_ids });
                    break;
                case CopyCheckpoint copy when StoreAnswers():
                    Copy(copy.Copy);
                    break;
                case DropCopy copy when StoreAnswers():
                    _store.Delete(CopyOf(copy.Copy).ManifestKey, []);
                    _inbox.Add(new CopyErased { Id = ++_ids });
                    break;
                case DeleteCheckpoint delete when StoreAnswers():
                    _store.Delete(delete.Checkpoint.ManifestKey, delete.Kept);
                    _checks.Deleted(delete.Checkpoint);
                    _inbox.Add(new CheckpointErased(delete.Checkpoint.ManifestKey) { Id = ++_ids });
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>As often as not it is still under way.</summary>
    private void Copy(StartCopy copy)
    {
        if (!Calm && _random.Chance(0.5))
        {
            _inbox.Add((_random.Chance(0.1) ? (InboxItem)new CopyImpossible("it is gone") : new CopyStands(1, 2, null)) with { Id = ++_ids });
            return;
        }

        _store.Put(CopyOf(copy), null);
        _inbox.Add(new CheckpointCopied(CopyOf(copy)) { Id = ++_ids });
    }

    private CheckpointRef CopyOf(StartCopy copy) => copy.Checkpoint with { Attempt = 0, Ordinal = 1, ManifestKey = ObjectKeys.Manifest(JobFolders.OfCopy(State, copy), 1) };

    /// <summary>Drawn apart from the rest, so that the other worlds stay as they were.</summary>
    private StartCopy? MakeStart()
    {
        var random = SeededRandom.For("start", Seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Terms.HasCheckpoints && random.Chance(0.15)
            ? new() { Job = new JobId(3), Checkpoint = new() { Attempt = 1, Ordinal = 1, ManifestKey = "there", Entry = "step-1", Step = 1 + random.Next(20), Bytes = SimAgent.CheckpointBytes }, Epoch = "e1", Words = "job #3" }
            : null;
    }

    private bool StoreAnswers() => Calm || !_random.Chance(_faults.CallFails);

    private ManifestsScanned Scan(int attempt)
    {
        if (!Calm && !State.Checkpoints.IsEmpty && State.Attempts.All(a => a.Reason != EndReason.CheckpointsMissing) && _random.Chance(_faults.StoreUnmounted))
        {
            return new ManifestsScanned(attempt, [], []) { Missing = [.. State.Checkpoints.Select(one => one.ManifestKey)] };
        }

        var all = _store.Manifests.Values.Order(CheckpointAge.Instance).ToImmutableArray();
        return new ManifestsScanned(attempt,
            [.. all.Where(m => _store.IsWhole(m.ManifestKey))], [.. all.Where(m => !_store.IsWhole(m.ManifestKey)).Select(m => m.ManifestKey)]);
    }

    private void Launch(LaunchInstance launch)
    {
        if (!Calm && _random.Chance(_faults.SleepBeforeSend))
        {
            // Stopped between the check and the call: no fence helps, the sweep must.
            _sleepers.Add((_now.AddSeconds(_random.Next(600)), () => Call(launch, exempt: true)));
            return;
        }

        Call(launch, exempt: false);
    }

    private void Call(LaunchInstance launch, bool exempt)
    {
        if (!exempt)
        {
            _checks.Launching(launch);
        }

        var reachable = _provider.Answers(_now);
        if (!Calm && reachable && _random.Chance(_faults.RefuseLaunch))
        {
            var lie = _random.Chance(_faults.LieAboutRefusal);
            if (lie)
            {
                Rent(launch, exempt: true);
            }

            _pending.Add((_now, new LaunchRejected(launch.Attempt, launch.Send, (RefusalKind)_random.Next(7), "no")));
            return;
        }

        // A call that was not answered may have been carried out all the same.
        if (!reachable && _random.Chance(0.5))
        {
            return;
        }

        var duplicate = !Calm && _random.Chance(_faults.Duplicate);
        var instance = Rent(launch, exempt || duplicate);
        if (duplicate)
        {
            Rent(launch, exempt: true);
        }

        if (reachable && (Calm || !_random.Chance(_faults.LoseReply)))
        {
            _pending.Add((instance.CreatedAt, new LaunchReplied(launch.Attempt, launch.Send, instance.Id)));
        }
    }

    private SimInstance Rent(LaunchInstance launch, bool exempt)
    {
        var instance = _provider.Create(launch.Label, launch.Attempt, _now);
        instance.Exempt = exempt;
        _agents[instance.Id] = new SimAgent(instance, _random, _faults, _store, _trainer, AttemptPrefix(launch.Attempt));
        return instance;
    }

    private void Destroy(DestroyInstance destroy)
    {
        var reachable = _provider.Answers(_now);
        if (!reachable && _random.Chance(0.5))
        {
            return;
        }

        var notFound = _provider.Destroy(destroy.InstanceId, _now);
        if (reachable && (Calm || !_random.Chance(_faults.LoseReply * 0.5)))
        {
            _inbox.Add(new DestroyReplied(destroy.Attempt, destroy.InstanceId, notFound) { Id = ++_ids });
        }
    }

    private void Misfortunes()
    {
        MoveRentalEnds();
        RaisePrices();
        EndRentals();
        if (Calm)
        {
            foreach (var agent in _agents.Values)
            {
                agent.CutUntil = agent.CutUntil > _now ? _now : agent.CutUntil;
            }

            return;
        }

        foreach (var instance in _provider.Instances)
        {
            if (instance.GoneAt is not null || _now < instance.CreatedAt)
            {
                continue;
            }

            if (_random.Chance(_faults.HostLost))
            {
                instance.Stopped = _random.Chance(0.5);
                if (!instance.Stopped)
                {
                    _provider.Remove(instance, _now);
                }
            }

            if (instance.Offline is null && _random.Chance(_faults.HostOffline))
            {
                instance.Offline = (_now, _now.AddSeconds(_random.Next(1800)));
                _agents[instance.Id].CutUntil = instance.Offline.Value.Until;
            }

            instance.Hung |= _random.Chance(_faults.HostHangs);
            if (_random.Chance(_faults.NetworkCut))
            {
                _agents[instance.Id].CutUntil = _now.AddSeconds(_random.Next(_faults.LongCut ? 2400 : 240));
            }
        }
    }

    /// <summary>Whoever prepares an attempt's machine finds that its container cannot be made there; sometimes the word comes when it is stale.</summary>
    private void Refuse()
    {
        foreach (var attempt in State.Attempts)
        {
            var awaited = attempt.Phase is AttemptPhase.Booting or AttemptPhase.Connecting;
            if (!Calm && _random.Chance(awaited ? _faults.HostRefuses : _faults.HostRefuses * 0.05))
            {
                _inbox.Add(new HostRefused(attempt.Number, (HostFault)_random.Next(3), "no") { Id = ++_ids });
            }
        }
    }

    private void People()
    {
        if (State.Phase == JobPhase.Paused && _random.Chance(0.2))
        {
            _inbox.Add(new ResumeCommand("eva", State.Terms.MaxTotal is null || State.Terms.Batch is { SharesBudget: true } ? null : State.SpentAt(_now) + Money.FromDollars(3 + _random.Next(9))) { Id = ++_ids });
        }

        if (Calm || !_random.Chance(_faults.Person))
        {
            return;
        }

        _inbox.Add((_random.Next(6) switch
        {
            0 => (InboxItem)new CancelCommand("eva", Now: _random.Chance(0.3)),
            1 => new PauseCommand("eva"),
            2 => new ResumeCommand("eva", null),
            3 => new UpdateCommand("eva", State.Terms.MaxTotal is null ? null : State.SpentAt(_now) + Money.FromDollars(1 + _random.Next(9)), null, _random.Chance(0.5) ? _now.AddMinutes(_random.Next(300)) : null),
            _ => new SaveCommand("eva"),
        }) with { Id = ++_ids });
    }

    private void Sweep()
    {
        if (_now < _nextSweep || !_provider.Refresh(_now))
        {
            return;
        }

        _nextSweep = _now.AddSeconds(60);
        foreach (var instance in _provider.Instances.Where(i => i.GoneAt is null && _now >= i.VisibleFrom))
        {
            var owner = State.Attempts.FirstOrDefault(a => a.ListedAs == instance.Label);
            var owned = owner is not null && owner.IsLive()
                && (owner.InstanceId is null || owner.InstanceId == instance.Id || owner.Extras.Any(x => x.InstanceId == instance.Id));
            instance.OrphanSightings = owned ? 0 : instance.OrphanSightings + 1;
            if (instance.OrphanSightings >= 2)
            {
                _checks.Orphan(instance);
                _provider.Destroy(instance.Id, _now);
            }
        }
    }

    private JobTerms MakeTerms(SeededRandom spare) => new()
    {
        StopWhen = spare.Chance(0.5) ? [new StopClause("loss", StopTest.IsNaN, 0, spare.Chance(0.5) ? null : spare.Next(100))] : [],
        KeepHost = spare.Chance(0.4) ? new HostKeep(TimeSpan.FromMinutes(1 + spare.Next(60)), spare.Chance(0.5) ? Money.FromDollars(0.01m + (spare.Next(40) / 100m)) : null) : null,
        HasImage = _random.Chance(0.5),
        MaxTotal = _random.Chance(0.3) ? null : Money.FromDollars(0.2m + (_random.Next(100) / 20m)),
        OnExhausted = _random.Chance(0.7) ? BudgetExhausted.Pause : BudgetExhausted.Stop,
        MaxRuntime = _random.Chance(0.9) ? null : TimeSpan.FromMinutes(10 + _random.Next(60)),
        Stall = _random.Chance(0.3) ? null : TimeSpan.FromMinutes(5),
        StallFromStart = _random.Chance(0.5),
        Restarts = _random.Next(3),
        GiveUpAfter = _random.Chance(0.9) ? null : 1 + _random.Next(5),
        HasCheckpoints = _random.Chance(0.85),
        CanRequestCheckpoint = _random.Chance(0.6),
        Keep = 1 + _random.Next(3),
        AfterSuccess = (AfterSuccess)_random.Next(3),
        Deadline = _random.Chance(0.9) ? null : _start.AddMinutes(20 + _random.Next(200)),
        OnDeadlineMiss = (DeadlineMiss)_random.Next(2),
        NotBefore = _random.Chance(0.9) ? null : _start.AddMinutes(_random.Next(30)),
        DrainGrace = TimeSpan.FromSeconds(_random.Next(60)),
        StartWindows = _random.Chance(0.1) ? MakeWindows() : [],
        RunWindows = _random.Chance(0.1) ? MakeWindows() : [],
        StartBelow = _random.Chance(0.9) ? null : Money.FromDollars(0.65m + (_random.Next(100) / 100m)),
    };

    /// <summary>Two days of hours of which some are long enough to train in.</summary>
    private ImmutableArray<TimeWindow> MakeWindows()
    {
        var windows = ImmutableArray.CreateBuilder<TimeWindow>();
        for (var from = _start.AddMinutes(_random.Next(60)); from < _start.AddDays(2); from = windows[^1].Until.AddMinutes(1 + _random.Next(60)))
        {
            windows.Add(new TimeWindow(from, from.AddMinutes(5 + _random.Next(120))));
        }

        return windows.ToImmutable();
    }
}
