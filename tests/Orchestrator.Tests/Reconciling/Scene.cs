using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Tests.Reconciling;

/// <summary>One job, told tick by tick. Lists are complete and fresh, the agent is heard at every tick, unless a test says otherwise.</summary>
internal sealed class Scene
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly List<AgentEvent> _journal = [];
    private int _journalOf;

    public Scene(JobTerms? terms = null, decimal price = 1m, StartCopy? start = null)
    {
        Offers = [Offer("o1", "sim/1", price)];
        Apply(new JobSubmitted(new JobId(7), "e1", "job", terms ?? new JobTerms { HasCheckpoints = true, CanRequestCheckpoint = true }) { At = Now, Why = "submitted", Start = start });
    }

    public DateTimeOffset Now { get; private set; } = Start;
    public JobState State { get; private set; } = new();
    public Policies Policies { get; } = new();
    public ImmutableArray<Offer> Offers { get; set; }
    public NetView? Net { get; set; }
    public MoveView? Move { get; set; }
    public UsualCost? Usually { get; set; }
    public BeyondBudget? BeyondBudget { get; set; }
    public LoadView? Loads { get; set; }
    public ImmutableArray<OfferRhythm> Rhythms { get; set; } = [];
    public bool ProvidersAnswer { get; set; } = true;

    /// <summary>The plan's marks of what of the market it saw.</summary>
    public (bool Complete, bool Partly) Market { get; set; } = (true, false);
    public Room? Room { get; set; }
    public BatchView? Batch { get; set; }

    /// <summary>What finishing is expected to cost.</summary>
    public Money? Expected { get; set; }
    public InstanceStatus? Listed { get; set; }
    public RentalTerm? ListedTerm { get; set; }
    public Money? ListedRate { get; set; }

    /// <summary>How old the lists are that ticks are given.</summary>
    public TimeSpan ListAge { get; set; }
    public bool ListAnswers { get; set; } = true;

    /// <summary>The attempt whose machine no list speaks for.</summary>
    public int? Unlisted { get; set; }
    public DateTimeOffset? HeardAt { get; set; }

    /// <summary>Why nobody was heard yet.</summary>
    public string? Unreached { get; set; }

    public bool NeverReached { get; set; }
    /// <summary>A half-open channel stays "open" while nothing comes through it.</summary>
    public bool ChannelOpen { get; set; } = true;

    public bool AgentTalks { get; set; }
    public DateTimeOffset? ProgressAt { get; set; }
    public long AtStep { get; set; } = 5;
    public ImmutableSortedDictionary<string, double>? Metrics { get; set; }
    public ImmutableSortedDictionary<string, OddMetric>? NotFinite { get; set; }
    public List<UnattendedTime> Unattended { get; } = [];
    public Attempt Newest => State.Attempts[^1];
    public IEnumerable<Effect> Owed => Kernel.Owed(State);

    public static Offer Offer(string id, string? host, decimal price, string provider = "sim") => new()
    {
        Provider = provider, Id = id, Capacity = CapacityType.OnDemand, HostKind = HostKind.Container, Host = host, PricePerHour = Money.FromDollars(price),
    };

    /// <summary>No server looks for <paramref name="time"/>; then there is a tick.</summary>
    public ImmutableArray<JobEvent> SleepAndTick(TimeSpan time)
    {
        Unattended.Add(new UnattendedTime(Now, Now + time));
        return Tick(time.TotalSeconds);
    }

    /// <summary>A tick after some seconds; returns what it decided.</summary>
    public ImmutableArray<JobEvent> Tick(double seconds, params InboxItem[] inbox)
    {
        Rewind();
        Now = Now.AddSeconds(seconds);
        HeardAt = AgentTalks ? Now : HeardAt;
        var attempts = State.Attempts.Where(a => a.IsLive()).Select(a => new AttemptObservation
        {
            Number = a.Number,
            Listing = ListAnswers && a.Number != Unlisted ? new ListingView { AskedAt = Now - ListAge, Instances = Sightings(a) } : null,
            Agent = (HeardAt is null && Unreached is null) || a.Number != State.Attempts.Length ? null : new AgentView
            {
                Unreached = Unreached, NeverReached = NeverReached, Connected = ChannelOpen, LastHeardAt = HeardAt, ProgressAt = ProgressAt, Step = AtStep, Metrics = Metrics, NotFinite = NotFinite, Events = [.. _journal.Where(e => e.Seq > a.AgentSeq)],
            },
        });
        var seen = new Observation
        {
            Inbox = [.. inbox],
            Attempts = [.. attempts],
            Plan = !ProvidersAnswer ? null : new PlanView { At = Now, Ranked = Offers, Expected = Expected, Rejected = "nothing", Complete = Market.Complete, Partly = Market.Partly, Net = Net, Rhythms = Rhythms, BeyondBudget = BeyondBudget, Loads = Loads, Move = Move, Usually = Usually },
            Room = Room,
            Batch = Batch,
            Unattended = [.. Unattended],
        };
        var events = Kernel.Decide(State, seen, Policies, Now);
        foreach (var e in events)
        {
            Apply(e);
        }

        return events;
    }

    /// <summary>The agent of the newest attempt says something, and a tick hears it.</summary>
    public ImmutableArray<JobEvent> Say(params Func<long, AgentEvent>[] reports)
    {
        Rewind();
        foreach (var report in reports)
        {
            _journal.Add(report(_journal.Count + 1));
        }

        return Tick(1);
    }

    /// <summary>Brings a fresh attempt to a phase.</summary>
    public Scene Reach(AttemptPhase phase)
    {
        Listed = null;
        HeardAt = null;
        AgentTalks = false;
        Tick(1);
        Step(phase, AttemptPhase.Booting, () => Tick(1, new LaunchReplied(Newest.Number, 1, Id)));
        Step(phase, AttemptPhase.Connecting, () => Listing(InstanceStatus.Running));
        Step(phase, AttemptPhase.Checking, () => Talking());
        Step(phase, AttemptPhase.Staging, () => Say(s => new HostChecked(null, "fine") { Seq = s, At = Now }));
        Step(phase, AttemptPhase.Running, () =>
        {
            if (State.Terms.HasCheckpoints)
            {
                Tick(1, new ManifestsScanned(Newest.Number, [], []));
            }

            Say(s => new FilesStaged(Newest.RestoreFrom?.ManifestKey, 1) { Seq = s, At = Now });
            Say(s => new TrainerStarted(1) { Seq = s, At = Now });
        });
        return this;
    }

    public ImmutableArray<JobEvent> Exit(int code) => Say(s => new TrainerEnded { Seq = s, At = Now, ExitCode = code, Tail = "one\nKeyError: 'x'\n" });

    /// <summary>A checkpoint is reported and verified.</summary>
    public CheckpointRef Checkpoint(int ordinal, long step)
    {
        Say(s => new CheckpointStored(ordinal, Key(Newest.Number, ordinal), $"step-{step}", step, 1, 1, default) { Seq = s, At = Now });
        var reported = State.Unverified.Single();
        Tick(1, new CheckpointVerified(reported));
        return reported;
    }

    /// <summary>From a lost instance to the next attempt's planning.</summary>
    public void LoseInstance()
    {
        Listed = null;
        AgentTalks = false;
        Tick(60);
        Tick(60);
        Tick(1, new DestroyReplied(Newest.Number, Id, true));
    }

    public static string Key(int attempt, int ordinal) => ObjectKeys.Manifest(ObjectKeys.Attempt(ObjectKeys.Job("e1", new JobId(7), "job"), attempt), ordinal);

    /// <summary>A new attempt's agent begins a journal of its own.</summary>
    private void Rewind()
    {
        if (_journalOf != State.Attempts.Length)
        {
            _journal.Clear();
            _journalOf = State.Attempts.Length;
        }
    }

    private string Id => $"i{Newest.Number}";

    private void Listing(InstanceStatus status)
    {
        Listed = status;
        Tick(1);
    }

    private void Talking()
    {
        AgentTalks = true;
        Tick(1);
    }

    private static void Step(AttemptPhase wanted, AttemptPhase next, Action act)
    {
        if (wanted >= next)
        {
            act();
        }
    }

    private ImmutableArray<InstanceSighting> Sightings(Attempt attempt) =>
        Listed is { } status && attempt.Number == State.Attempts.Length ? [new InstanceSighting($"i{attempt.Number}", status, "as listed", ListedTerm, ListedRate)] : [];

    public void Apply(JobEvent e) => State = Kernel.Apply(State, e);
}
