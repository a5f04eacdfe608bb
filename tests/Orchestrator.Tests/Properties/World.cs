using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

/// <summary>
/// One job in one generated world: a provider, hosts with agents, a store, people, and servers that crash and sleep. Everything
/// derives from the seed. Time runs in steps of seconds; every step observes and ticks like the engine does.
/// </summary>
public sealed partial class World
{
    public const int MaxSteps = 20_000;
    private static readonly DateTimeOffset _start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(90);

    private readonly SeededRandom _random;
    private readonly Faults _faults;
    private readonly SimProvider _provider;
    private readonly SimStore _store = new();
    private readonly SimTrainer _trainer;
    private readonly Dictionary<string, SimAgent> _agents = [];
    private readonly Dictionary<int, SimView> _views = [];
    private readonly Dictionary<(int Attempt, string Key), AgentCommand> _commands = [];
    private readonly List<(DateTimeOffset At, InboxItem Item)> _pending = [];
    private readonly List<(DateTimeOffset At, Action Do)> _sleepers = [];
    private readonly WorldChecks _checks;
    private List<InboxItem> _inbox = [];
    private DateTimeOffset _now = _start;
    private DateTimeOffset _leasedUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _offersFrom = DateTimeOffset.MinValue;
    private DateTimeOffset _nextSweep = _start;
    private readonly List<UnattendedTime> _unattended = [];
    private DateTimeOffset _listeningSince = _start;
    private long _ids;

    public World(long seed, Mind? mind = null, bool record = false, IFleet? fleet = null, long job = 7, Func<JobTerms, JobTerms>? terms = null)
    {
        Seed = seed;
        Fleet = fleet;
        Mind = mind ?? Mind.Sound;
        _random = SeededRandom.For("world", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _faults = new Faults(_random);
        _provider = new SimProvider(_random, _faults, fleet is null ? "i" : $"{job}i");
        // Trainings take minutes here.
        Policies = new Policies { MoveLook = TimeSpan.FromMinutes(4), MoveLookAfter = TimeSpan.FromMinutes(1), MoveLookFor = TimeSpan.FromMinutes(2), MovesPerDay = 3, Pass = TimeSpan.FromSeconds(60) };
        // Of its own, so that what else happens in a world of this seed stays the same.
        var spare = SeededRandom.For("world", seed.ToString(System.Globalization.CultureInfo.InvariantCulture), "failing");
        Terms = terms is null ? MakeTerms(spare) : terms(MakeTerms(spare));
        _trainer = new SimTrainer(30 + _random.Next(200), Terms.HasCheckpoints ? 5 + _random.Next(40) : 0, _start + _faults.CalmAfter, spare.Chance(0.1) ? 5 + spare.Next(150) : null);
        Records = record ? [] : null;
        _checks = new WorldChecks(this);
        Append([new JobSubmitted(new JobId(job), "e1", "job", Terms) { At = _now, Why = "submitted", Start = MakeStart() }]);
    }

    public long Seed { get; }

    /// <summary>Other jobs beside this one; null = it is alone, and there are no limits.</summary>
    public IFleet? Fleet { get; }
    public Mind Mind { get; }
    public Policies Policies { get; }
    public JobTerms Terms { get; }
    public JobState State { get; private set; } = new();
    public List<JobEvent> Events { get; } = [];
    public List<TickRecord>? Records { get; }
    public int Ticks { get; private set; }
    public DateTimeOffset Now => _now;
    public SimProvider Provider => _provider;
    public SimStore Store => _store;
    public IReadOnlyDictionary<string, SimAgent> Agents => _agents;
    private bool Calm => _now >= _trainer.CalmFrom;

    /// <summary>Runs until the job has ended, then a while longer, so that the sweep can do its part.</summary>
    public void Run()
    {
        for (var step = 0; !State.Phase.IsTerminal(); step++)
        {
            if (step == MaxSteps)
            {
                throw new ViolationException("the job ends", $"still {State.Phase} ({State.PhaseReason}) after {MaxSteps} steps; last event {Events[^1]}");
            }

            Step();
        }

        Finish();
    }

    /// <summary>The job has ended; the sweep does its part.</summary>
    public void Finish()
    {
        _checks.AtEnd();
        _provider.Calm = true;
        for (var step = 0; step < 40; step++)
        {
            _now = _now.AddSeconds(30);
            WakeSleepers();
            Sweep();
        }

        _checks.AfterSweep();
    }

    /// <summary>Time since <paramref name="since"/> in which a server was there.</summary>
    public TimeSpan AttendedSince(DateTimeOffset since) =>
        _now - since - TimeSpan.FromTicks(_unattended.Sum(a => Math.Max(0, (a.Until - (a.From > since ? a.From : since)).Ticks)));

    /// <summary>Nobody listens, decides or sends; the world goes on.</summary>
    private void BeAway()
    {
        var from = _now;
        var until = _now.AddMinutes(1 + _random.Next(600));
        while (_now < until)
        {
            _now = _now.AddSeconds(30);
            _provider.Calm = Calm;
            Misfortunes();
            foreach (var agent in _agents.Values)
            {
                agent.Advance(_now, Calm);
            }
        }

        // Replies that came meanwhile found nobody.
        _pending.RemoveAll(p => p.At <= _now);
        _unattended.Add(new UnattendedTime(from, _now));
        _listeningSince = _now;
    }

    /// <summary>Somebody else's word.</summary>
    public void Hand(InboxItem item) => _inbox.Add(item with { Id = ++_ids });

    public void Step()
    {
        if (!Calm && _random.Chance(_faults.Away))
        {
            BeAway();
        }

        var due = Kernel.NextDue(State, Policies, _now, [.. _unattended]);
        var next = _now.AddSeconds(1 + _random.Next(30));
        // At most that far: a tick on time where a decision is due.
        _now = due < next ? due : next;
        _provider.Calm = Calm;
        Misfortunes();
        foreach (var agent in _agents.Values)
        {
            agent.Advance(_now, Calm);
        }

        Listen();
        Refuse();
        People();
        WakeSleepers();
        Deliver();
        Sweep();
        if (_now >= _leasedUntil)
        {
            Tick();
        }
    }

    private void Tick()
    {
        var observation = Observe();
        var before = State;
        var events = Mind.Decide(State, observation, Policies, _now);
        if (Fleet?.Permits(this, events) == false)
        {
            return; // Nothing was appended: the next tick decides again, on what is there then.
        }

        _inbox = !Calm && _random.Chance(_faults.Repeats) ? _inbox : [];
        Ticks++;
        if (events.Length > 0)
        {
            Records?.Add(new TickRecord { SeqBefore = before.Seq, Now = _now, Policies = Policies, Observation = observation, Events = events });
            Append(events);
        }

        _checks.AfterTick(before, observation, events);
        var owed = Mind.Owed(State);
        if (!Calm && _random.Chance(_faults.CrashAfterCommit))
        {
            return; // Another server ticks again: what is owed is derived anew.
        }

        if (!Calm && _random.Chance(_faults.SleepAfterCommit))
        {
            var until = _now.AddSeconds(_random.Next(400));
            var leased = _leasedUntil = _now + _lease;
            _sleepers.Add((until, () =>
            {
                if (!Mind.Fenced || _now < leased)
                {
                    Perform(owed, before.Seq);
                }
            }));
            return;
        }

        Perform(owed, before.Seq);
    }

    private void Append(ImmutableArray<JobEvent> events)
    {
        foreach (var e in events)
        {
            State = Kernel.Apply(State, e);
            Events.Add(e);
            _checks.Happened(e);
        }
    }

    private Observation Observe()
    {
        _provider.Refresh(_now);
        var attempts = ImmutableArray.CreateBuilder<AttemptObservation>();
        foreach (var a in State.Attempts)
        {
            if (a.IsLive())
            {
                var listing = _provider.Listing(a.ListedAs);
                foreach (var shown in _provider.Instances.Where(i => listing?.Instances.Any(one => one.InstanceId == i.Id) == true))
                {
                    shown.Shown(listing!.AskedAt);
                }

                attempts.Add(new AttemptObservation
                {
                    Number = a.Number,
                    Listing = listing,
                    Agent = _views.TryGetValue(a.Number, out var view) ? view.After(a.AgentSeq, _listeningSince) : null,
                });
            }
        }

        var batch = Fleet?.BatchOf(this);
        var plan = Mind.WantsOffers(State, Policies, _now) && batch?.Hold is null ? Offers(batch?.Warm ?? []) : null;
        return new Observation { Inbox = [.. _inbox], Plan = plan, Room = plan is null ? null : Fleet?.RoomOf(this), Batch = batch, Attempts = attempts.DrainToImmutable(), Unattended = [.. _unattended] };
    }

    private void Listen()
    {
        foreach (var attempt in State.Attempts)
        {
            if (!attempt.WantsChannel() || !_agents.TryGetValue(attempt.InstanceId!, out var agent) || !agent.ReachableAt(_now))
            {
                continue;
            }

            if (!_views.TryGetValue(attempt.Number, out var view))
            {
                _views[attempt.Number] = view = new SimView();
            }

            view.Hear(agent, _now);
            foreach (var ((_, key), command) in _commands.Where(c => c.Key.Attempt == attempt.Number))
            {
                agent.Receive(key, command, _now);
            }
        }
    }

    private void Deliver()
    {
        for (var i = 0; i < _pending.Count; i++)
        {
            if (_pending[i].At <= _now)
            {
                _inbox.Add(_pending[i].Item with { Id = ++_ids });
                _pending.RemoveAt(i--);
            }
        }
    }

    private void WakeSleepers()
    {
        for (var i = 0; i < _sleepers.Count; i++)
        {
            if (_sleepers[i].At <= _now)
            {
                var wake = _sleepers[i].Do;
                _sleepers.RemoveAt(i--);
                wake();
            }
        }
    }

    private string AttemptPrefix(int attempt) => ObjectKeys.Attempt(ObjectKeys.Job(State.Epoch, State.Id, State.Name), attempt);
}
