using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Simulation.Worlds;

/// <summary>What the kernel sees of the world, and what its effects do to it.</summary>
public sealed partial class World
{
    private static readonly TimeSpan _reply = TimeSpan.FromSeconds(4);

    private Observation Observe()
    {
        var inbox = ImmutableArray.CreateBuilder<InboxItem>();
        for (var i = 0; i < _pending.Count; i++)
        {
            if (_pending[i].At <= _now)
            {
                inbox.Add(_pending[i].Item with { Id = ++_ids });
                _pending.RemoveAt(i--);
            }
        }

        var attempts = ImmutableArray.CreateBuilder<AttemptObservation>();
        foreach (var attempt in _state.Attempts)
        {
            if (attempt.IsLive())
            {
                attempts.Add(new AttemptObservation { Number = attempt.Number, Listing = List(attempt), Agent = Hear(attempt) });
            }
        }

        return new Observation
        {
            Inbox = inbox.DrainToImmutable(),
            Attempts = attempts.DrainToImmutable(),
            Plan = Kernel.WantsOffers(_state, _policies, _now) ? Plan() : null,
        };
    }

    private ListingView? List(Attempt attempt)
    {
        if (_weather.DownUntil(attempt.Offer.Provider, _now) is not null)
        {
            return null;
        }

        var listed = InstanceOf(attempt.Number) is { } instance && StatusOf(instance) is { } status
            ? ImmutableArray.Create(new InstanceSighting(instance.Id, status, "as listed"))
            : [];
        return new ListingView { AskedAt = _now, Instances = listed };
    }

    /// <summary>Null = not in the list.</summary>
    private InstanceStatus? StatusOf(SimulatedInstance instance) => instance switch
    {
        { DestroyedAt: not null } => null,
        { Fate.Fault: BootFault.Stopped } when _now >= instance.CreatedAt + instance.Fate.Boot => InstanceStatus.Stopped,
        _ when _now >= instance.LostAt => instance.Fate.Loss switch
        {
            LossKind.Gone => null,
            LossKind.Silent => InstanceStatus.Running,
            LossKind.Stopped or LossKind.Noticed => InstanceStatus.Stopped,
        },
        _ when _now >= instance.RunsFrom => InstanceStatus.Running,
        _ => InstanceStatus.Booting,
    };

    private AgentView? Hear(Attempt attempt)
    {
        if (InstanceOf(attempt.Number) is not { } instance || _now < instance.HelloAt || !_agents.TryGetValue(instance.Id, out var agent))
        {
            return null;
        }

        var heard = instance.IsHeardAt(_now);
        return new AgentView { LastHeardAt = heard ? _now : instance.DestroyedAt ?? instance.LostAt, Connected = heard, Events = agent.After(attempt.AgentSeq) };
    }

    private PlanView Plan()
    {
        var complete = true;
        Dictionary<string, bool> answers = new(StringComparer.Ordinal);
        var offers = _market.At(_now);
        foreach (var offer in offers)
        {
            if (!answers.TryGetValue(offer.Provider, out var up))
            {
                answers[offer.Provider] = up = _weather.DownUntil(offer.Provider, _now) is null;
                complete &= up;
            }
        }

        if (!complete)
        {
            offers = offers.RemoveAll(offer => !answers[offer.Provider]);
        }

        var plan = _chooser.Plan(Request(), offers, complete, _learned.Memory);
        foreach (var choice in plan.Others.Reverse().Concat(plan.Choices).Concat(plan.Fallbacks))
        {
            _offered[(choice.Offer.Provider, choice.Offer.Id)] = choice;
        }

        _nothingSince = plan.Choices.IsEmpty ? _nothingSince ?? _now : null;
        return plan.ToView();
    }

    /// <summary>The job's request as it stands now.</summary>
    private PlanRequest Request()
    {
        var done = _state.NewestCheckpoint;
        return _job.Request with
        {
            Now = _now,
            Work = _job.Request.Work! with { Time = TimeSpan.FromSeconds(_work.TotalSeconds - (done?.Step ?? 0)) },
            Sizes = _job.Request.Sizes with { Restore = done is null ? default : new ByteSize(done.Bytes) },
            BudgetLeft = _state.LeftAt(_now),
            Interruptions = _state.Interruptions,
            Running = _state.Current() is { } current ? Running(current, done) : null,
        };
    }

    private RunningHost Running(Attempt attempt, CheckpointRef? done) => new(
        attempt.Offer.ToOffer(), _now - (attempt.InstanceFoundAt ?? attempt.PlannedAt))
    {
        Ahead = attempt.TrainingStartedAt is { } from ? _now - (done?.TakenAt > from ? done.TakenAt.Value : from) : TimeSpan.Zero,
    };

    private void Perform(ImmutableArray<Effect> owed, long before)
    {
        foreach (var effect in owed)
        {
            switch (effect)
            {
                case LaunchInstance launch when launch.CauseSeq > before:
                    Launch(launch);
                    break;
                case DestroyInstance destroy when _weather.DownUntil(destroy.Provider, _now) is null:
                    Destroy(destroy);
                    break;
                case CommandAgent command when InstanceOf(command.Attempt) is { } instance && instance.IsHeardAt(_now):
                    _agents[instance.Id].Receive(command.Key, command.Command, _now);
                    break;
                case VerifyCheckpoint verify:
                    Answer(new CheckpointVerified(verify.Checkpoint));
                    break;
                case ScanManifests scan:
                    Answer(new ManifestsScanned(scan.Attempt, _store.All(), []));
                    break;
                case DeleteCheckpoint delete:
                    _store.Delete(delete.Checkpoint.ManifestKey);
                    Answer(new CheckpointErased(delete.Checkpoint.ManifestKey));
                    break;
                default:
                    break;
            }
        }
    }

    private void Launch(LaunchInstance launch)
    {
        var provider = launch.Offer.Provider;
        if (_weather.DownUntil(provider, _now) is not null)
        {
            return; // Nobody answers, and nothing is rented: the kernel waits for its lists.
        }

        var offered = _offered[(provider, launch.Offer.OfferId)];
        var choice = offered with { Offer = offered.Offer with { PricePerHour = launch.Offer.PricePerHour } };
        var place = choice.Offer.Host ?? provider + "/" + choice.Offer.Id;
        var number = _launches[place] = _launches.GetValueOrDefault(place) + 1;
        var fate = Fate.Of(_seed, choice.Offer, _job.Request.Work!, number, _weather.IsBadNight(_now));
        if (fate.Fault == BootFault.Refused)
        {
            Answer(new LaunchRejected(launch.Attempt, launch.Send, RefusalKind.NotFound, "somebody else has taken it"));
            _learned.NeverBooted(choice.Offer, _now);
            return;
        }

        var instance = Rent(launch, choice, fate);
        _instances.Add(instance);
        _agents[instance.Id] = new SimulatedAgent(instance, _work, _store, ObjectKeys.Attempt(ObjectKeys.Job(_state.Epoch, _state.Id, _state.Name), launch.Attempt));
        Answer(new LaunchReplied(launch.Attempt, launch.Send, instance.Id));
    }

    private SimulatedInstance Rent(LaunchInstance launch, Choice choice, Fate fate)
    {
        // Where the instance is the container, its image is there before it runs; on a machine it is pulled afterwards.
        var pull = fate.Download(_work.ImageGB);
        var isContainer = choice.Offer.HostKind == HostKind.Container;
        var runs = fate.Fault == BootFault.None ? _now + fate.Boot + (isContainer ? pull : TimeSpan.Zero) : DateTimeOffset.MaxValue;
        var hello = runs == DateTimeOffset.MaxValue ? runs : runs + TimeSpan.FromSeconds(15) + (isContainer ? TimeSpan.Zero : pull);
        var lost = runs == DateTimeOffset.MaxValue ? runs : runs + fate.Life;
        return new SimulatedInstance
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"i{_instances.Count + 1}"),
            Label = launch.Label,
            Attempt = launch.Attempt,
            Offer = choice.Offer,
            Fate = fate,
            Rhythm = RhythmOf(launch.Attempt, choice),
            CreatedAt = _now,
            RunsFrom = runs,
            HelloAt = hello,
            LostAt = choice.Offer.Until is { } until && until < lost ? until : lost,
        };
    }

    /// <summary>As the attempt was planned, where that is the plan's to decide; a trainer with a mind of its own keeps its rhythm.</summary>
    private SaveRhythm RhythmOf(int attempt, Choice choice)
    {
        var every = _state.Attempts[attempt - 1].Rhythm?.Every ?? choice.Forecast?.Checkpoints?.Every ?? TimeSpan.FromMinutes(30);
        var blocking = _job.Request.Rhythm.Blocking ?? TimeSpan.FromSeconds(5 + _work.CheckpointGB);
        return new SaveRhythm(every, blocking, _job.Request.Rhythm.Every.Kind != RhythmKind.Trainer);
    }

    private void Destroy(DestroyInstance destroy)
    {
        var instance = _instances.Find(candidate => candidate.Id == destroy.InstanceId)!;
        var gone = instance.DestroyedAt is not null || (_now >= instance.LostAt && instance.Fate.Loss == LossKind.Gone);
        instance.DestroyedAt ??= _now;
        Answer(new DestroyReplied(destroy.Attempt, destroy.InstanceId, gone));
    }

    private void Answer(InboxItem item) => _pending.Add((_now + _reply, item));
}
