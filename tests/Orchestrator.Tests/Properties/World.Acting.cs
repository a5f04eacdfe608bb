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
            _inbox.Add(new ResumeCommand("eva", State.Terms.MaxTotal is null ? null : State.SpentAt(_now) + Money.FromDollars(3 + _random.Next(9))) { Id = ++_ids });
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
            _ => new SaveCommand("eva"),
        }) with { Id = ++_ids });
    }

    private PlanView? Offers()
    {
        if (!Calm && _now >= _offersFrom && _random.Chance(_faults.OffersMissing * 0.5))
        {
            _offersFrom = _now.AddSeconds(_random.Next(600));
        }

        if (!Calm && _random.Chance(_faults.CallFails))
        {
            return null;
        }

        var none = _now < _offersFrom;
        var until = !Calm && _random.Chance(_faults.RentalEnds) ? _now.AddSeconds(900 + _random.Next(2700)) : (DateTimeOffset?)null;
        var offers = none ? [] : _offers.Select(offer => offer with { Until = until, PricePerHour = OffPeak(offer.PricePerHour) }).ToImmutableArray();
        return new PlanView { At = _now, Loads = Loads, Ranked = offers, Rejected = none ? "2 offers: 2 taken" : "none", Complete = _random.Chance(0.5), Net = Net(offers), Move = Move(offers) };
    }

    /// <summary>What the planner would say of the deadline; staying is judged by the minute.</summary>
    private NetView? Net(ImmutableArray<Offer> offers)
    {
        if (State.Terms.Deadline is not { } deadline)
        {
            return null;
        }

        var sure = offers.RemoveAll(offer => offer.Capacity == CapacityType.Interruptible || _now + _needed > deadline);
        return new NetView
        {
            Ranked = sure,
            Needed = sure.IsEmpty ? null : _needed,
            StaysInTime = State.Current() is null ? null : _now.Minute % 3 == 0,
            MissedBy = _now + _needed > deadline ? _now + _needed - deadline : null,
        };
    }

    /// <summary>What costs less where is judged by the minute as well.</summary>
    private MoveView? Move(ImmutableArray<Offer> offers) => State.Current() is null || _now.Minute % 2 == 0
        ? null
        : new MoveView(Money.FromDollars(10), [.. offers.Select((offer, i) => new MoveTarget(offer, Money.FromDollars(2 + i)))]);

    private static readonly TimeSpan _needed = TimeSpan.FromMinutes(20);

    /// <summary>Every second hour is a cheap one.</summary>
    private Money OffPeak(Money price) => _now.Hour % 2 == 1 ? new Money(price.MicroDollars * 7 / 10) : price;

    private readonly ImmutableArray<Offer> _offers =
    [
        Offer("o1", "sim/1", 0.9m) with { Capacity = CapacityType.Interruptible, BillingUnit = TimeSpan.FromMinutes(1) },
        Offer("o2", OwnMachines.HostOf("2"), 1.2m) with { DiskPerGBMonth = Money.FromDollars(1.5m), DownPerGB = Money.FromDollars(0.002m), UpPerGB = Money.FromDollars(0.003m) },
        Offer("o3", null, 1.5m) with { BillingUnit = TimeSpan.FromMinutes(10), UpPerGB = Money.FromDollars(0.001m) },
    ];

    /// <summary>What the trainer moves is smaller by far; here only what it costs counts.</summary>
    public static LoadView Loads { get; } = new()
    {
        DiskBytes = 50_000_000_000, ImageBytes = 4_000_000_000, DataBytes = 3_000_000_000, CheckpointBytes = SimAgent.CheckpointBytes, EgressPerGB = Money.FromDollars(0.001m),
    };

    public Offer OfferOf(Attempt attempt) => _offers.First(offer => offer.Id == attempt.Offer.OfferId);

    private static Offer Offer(string id, string? host, decimal price) => new()
    {
        Provider = "sim", Id = id, Capacity = CapacityType.OnDemand, HostKind = HostKind.Container, Host = host, PricePerHour = Money.FromDollars(price),
    };

    private void Sweep()
    {
        if (_now < _nextSweep || !_provider.Refresh(_now))
        {
            return;
        }

        _nextSweep = _now.AddSeconds(60);
        foreach (var instance in _provider.Instances.Where(i => i.GoneAt is null && _now >= i.VisibleFrom))
        {
            var owner = State.Attempts.FirstOrDefault(a => a.Label == instance.Label);
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

    private JobTerms MakeTerms() => new()
    {
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
