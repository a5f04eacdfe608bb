using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Tests.Properties;

/// <summary>The jobs of one batch, each in a hostile world of its own. What ticks see of the batch is often stale.</summary>
public sealed class BatchFleet : IFleet
{
    private readonly SeededRandom _random;
    private readonly Dictionary<World, BatchView> _seen = [];
    private readonly ImmutableArray<World> _worlds;
    private readonly HashSet<World> _settled = [];

    /// <summary>Once shown is shown, whatever becomes of the checkpoint that showed it.</summary>
    private readonly HashSet<World> _proven = [];
    private BatchRules _rules;

    private readonly BatchSabotage _sabotage;
    private readonly bool _reuses;

    public BatchFleet(long seed, int jobs, BatchSabotage sabotage = BatchSabotage.None)
    {
        _sabotage = sabotage;
        _random = SeededRandom.For("batch", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _rules = new BatchRules
        {
            Name = "sweep",
            MaxParallel = _random.Chance(0.3) ? null : 1 + _random.Next(jobs),
            Canary = _random.Chance(0.5) ? 0 : 1 + _random.Next(2),
            FailFast = _random.Chance(0.2),
            Budget = _random.Chance(0.3) ? null : Money.FromDollars(0.3m + (_random.Next(100) / 10m)),
        };
        // Of a source of its own: fleets in which nothing passes stay as they were.
        var reuse = SeededRandom.For("batch-reuse", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _reuses = reuse.Chance(0.7);
        _worlds =
        [
            .. Enumerable.Range(0, jobs).Select(index => new World((seed * 100) + index, fleet: this, job: index + 1, terms: terms => terms with
            {
                Batch = new BatchTerms(_rules.Name, _rules.Budget is not null, _rules.Budget is null || _random.Chance(0.8) ? null : Money.FromDollars(3)) { ReusesHosts = _reuses },
                MaxTotal = _rules.Budget is null ? terms.MaxTotal : Money.Zero,
                OnExhausted = _rules.Budget is null ? terms.OnExhausted : BudgetExhausted.Pause,
                Priority = _random.Next(3) - 1,
            })),
        ];
    }

    public IEnumerable<World> Worlds => _worlds;

    /// <summary>Appends that were refused because another job had been faster.</summary>
    public int Refused { get; private set; }

    /// <summary>Ticks after which a job waited for its batch, by what for.</summary>
    public Dictionary<BatchHoldKind, int> Waits { get; } = [];

    /// <summary>Jobs that were cancelled for another one's failure.</summary>
    public int Stopped { get; private set; }

    /// <summary>How often a person raised the budget, since all stood still.</summary>
    public int Raised { get; private set; }

    /// <summary>Whoever is furthest behind goes on, until all have ended.</summary>
    public void Run()
    {
        for (var step = 0; _worlds.Where(world => !world.State.Phase.IsTerminal()).MinBy(world => world.Now) is { } next; step++)
        {
            if (step == World.MaxSteps * _worlds.Length)
            {
                throw new ViolationException("every job ends", $"{next.State.Id} is still {next.State.Phase} ({next.State.PhaseReason}) under {_rules}");
            }

            Pay();
            next.Step();
            if (next.State.BatchWait is { } wait)
            {
                Waits[wait.For] = Waits.GetValueOrDefault(wait.For) + 1;
            }

            EachInstanceHasOneOwner();
            NothingIsPassed(next.Now);
            Settle(next);
        }

        foreach (var world in _worlds)
        {
            world.Finish();
        }

        OwnersPayForTheWholeLife();
    }

    /// <summary>Hosts that passed from a job to another.</summary>
    public int Passed { get; private set; }

    /// <summary>Hosts that were offered and that nobody took.</summary>
    public int Declined => _worlds.Sum(world => world.State.Attempts.Count(attempt => attempt is { OfferedAt: not null, PassedTo: null }));

    public Room? RoomOf(World world) => null;

    public BatchView BatchOf(World world)
    {
        if (!_seen.TryGetValue(world, out var view) || !_random.Chance(0.4))
        {
            var members = Members(world.Now);
            _seen[world] = view = BatchLook.Of(
                _rules, members, world.State.Id, [.. _worlds.Where(other => other != world).Select(other => Handing.OfferOf(other.State, 0)).OfType<Offers.Offer>()]);
        }

        return view;
    }

    public bool Permits(World world, ImmutableArray<JobEvent> events)
    {
        var taken = events.OfType<HostTaken>().FirstOrDefault();
        var giver = taken is null ? null : _worlds.Single(other => other.State.Id == taken.Host.Job);
        var half = taken is null ? [] : Handing.Pass(giver!.State, world.State.Id, taken);
        var members = Members(world.Now);
        members = giver is null || half.IsEmpty ? members : members.SetItem(_worlds.IndexOf(giver), Member(half.Aggregate(giver.State, Kernel.Apply), giver, world.Now));
        var begins = events.Any(e => e is AttemptPlanned);
        var permitted = (taken is null || !half.IsEmpty)
            && (!begins || BatchLine.MayBegin(_rules, members, world.State.Id))
            && (!(begins || events.Any(e => e is BudgetChanged)) || BatchLine.MayHold(_rules, members, world.State.Id, events.Aggregate(world.State, Kernel.Apply).Terms));
        if (!permitted)
        {
            Refused++;
            _seen.Remove(world);
        }
        else if (taken is not null)
        {
            Passed++;
            giver!.Give(_sabotage == BatchSabotage.GiverKeepsIt ? [] : half, world, taken);
            return _sabotage != BatchSabotage.HeirForgetsIt;
        }

        return permitted;
    }

    /// <summary>A person who finds jobs that stand still for want of money gives some more, but for those that have spent what a single one may.</summary>
    private void Pay()
    {
        foreach (var world in _worlds.Where(world => world.State.Phase == JobPhase.Paused && world.State.Terms.Batch!.MostOfJob is { } most && most - world.State.SpentAt(world.Now) < Money.FromDollars(1)))
        {
            world.Hand(new CancelCommand("eva"));
        }

        if (_rules.Budget is { } budget && _worlds.Any(world => world.State.Phase == JobPhase.Paused)
            && _worlds.All(world => world.State.Phase is JobPhase.Paused || world.State.BatchWait is not null || world.State.Phase.IsTerminal()) && _random.Chance(0.2))
        {
            _rules = _rules with { Budget = budget + Money.FromDollars(3) };
            Raised++;
        }
    }

    private void Settle(World ended)
    {
        if (!ended.State.Phase.IsTerminal() || !_settled.Add(ended) || ended.State.Phase is not (JobPhase.Failed or JobPhase.DeadlineMissed))
        {
            return;
        }

        foreach (var stop in BatchLine.Stops(_rules, Members(ended.Now)))
        {
            Stopped++;
            _worlds.Single(world => world.State.Id == stop.Job).Hand(new CancelCommand(stop.Why));
        }
    }

    private ImmutableArray<BatchMember> Members(DateTimeOffset now) => [.. _worlds.Select((world, index) => Member(world, index + 1, now > world.Now ? now : world.Now))];

    private BatchMember Member(World world, int number, DateTimeOffset now) => Member(world.State, world, now) with { Number = number };

    private BatchMember Member(JobState state, World world, DateTimeOffset now)
    {
        var live = state.Attempts.Any(attempt => attempt.IsLive());
        var spent = state.SpentAt(now);
        return new BatchMember
        {
            Job = state.Id,
            Number = 1 + _worlds.IndexOf(world),
            Priority = state.Terms.Priority,
            Phase = state.Phase,
            Began = !state.Attempts.IsEmpty,
            Live = live,
            Proven = IsProven(world),
            Waits = state.BatchWait is { For: not BatchHoldKind.Budget },
            Spent = spent,
            HostKey = _reuses ? state.Id.Value % 5 == 0 ? "another image" : "image" : null,
            IsPassing = state.Attempts is [.., { Phase: AttemptPhase.Passing }],
            Holds = live && state.Terms.MaxTotal is { } held && held > spent ? held : spent,
        };
    }

    private bool IsProven(World world)
    {
        if (world.State.Terms.HasCheckpoints ? !world.State.Checkpoints.IsEmpty : world.State.Attempts.Any(attempt => attempt.TrainingStartedAt is not null))
        {
            _proven.Add(world);
        }

        return _proven.Contains(world);
    }

    private void NothingIsPassed(DateTimeOffset now)
    {
        var live = _worlds.Count(world => world.State.Attempts.Any(attempt => attempt.IsLive()));
        if (live > _rules.MaxParallel)
        {
            throw new ViolationException("max-parallel holds", $"{live} of {_rules.MaxParallel}");
        }

        // Budgets stand still while nobody is there to keep them: what a job costs beyond its own then is nobody's decision.
        var held = _worlds.Sum(world => Member(world, 1, world.Now) is { Live: true } ? world.State.Terms.MaxTotal?.MicroDollars ?? 0 : world.State.SpentAt(world.Now).MicroDollars);
        var over = _worlds.Where(world => world.State.Attempts.All(attempt => !attempt.IsLive())).Sum(world => Math.Max(0, (world.State.SpentAt(world.Now) - (world.State.Terms.MaxTotal ?? Money.Zero)).MicroDollars));
        if (_rules.Budget is { } budget && held - over > budget.MicroDollars)
        {
            throw new ViolationException("the shared budget holds", $"{held} of {budget.MicroDollars} micro-dollars are held, {over} over own budgets, at {now:O}");
        }

        var begun = _worlds.Where(world => !world.State.Attempts.IsEmpty).ToList();
        var taken = _worlds.Count(world => world.State.Phase.IsTerminal() && !IsProven(world) && world.State.Phase != JobPhase.Succeeded);
        if (_worlds.Count(world => IsProven(world) || world.State.Phase == JobPhase.Succeeded) < _rules.Canary && begun.Count > _rules.Canary + taken)
        {
            throw new ViolationException("the canary comes first", $"{begun.Count} have begun, the canary is {_rules.Canary}, {taken} ended without showing anything");
        }
    }

    /// <summary>And whoever owns one has it.</summary>
    private void EachInstanceHasOneOwner()
    {
        foreach (var owned in _worlds.SelectMany(world => world.State.Attempts.Where(attempt => attempt.IsLive() && attempt.InstanceId is not null).Select(attempt => (world, attempt))).GroupBy(one => one.attempt.InstanceId))
        {
            if (owned.Count() > 1)
            {
                throw new ViolationException("an instance has one owner", $"{owned.Key}: {string.Join(" and ", owned.Select(one => $"{one.world.State.Id} attempt {one.attempt.Number} ({one.attempt.Phase})"))}");
            }

            var (owner, _) = owned.Single();
            if (owner.Provider.Instances.All(instance => instance.Id != owned.Key))
            {
                throw new ViolationException("an instance has one owner", $"{owned.Key} is on the books of {owner.State.Id}, and another's");
            }
        }
    }

    /// <summary>By the books: no second between two owners is lost or paid twice, nor a unit that one begins and another ends.</summary>
    private void OwnersPayForTheWholeLife()
    {
        foreach (var owners in _worlds.SelectMany(world => world.State.Attempts).Where(attempt => attempt.InstanceId is not null).GroupBy(attempt => attempt.InstanceId))
        {
            var line = owners.OrderBy(attempt => attempt.BilledFrom).ToList();
            if (line.Count == 1)
            {
                continue;
            }

            var (first, last) = (line[0], line[^1]);
            var whole = last.Offer.CostOf((last.DestroyAcceptedAt ?? last.EndedAt!.Value) - first.BilledFrom!.Value);
            var moved = new Money(line.Sum(attempt => Moved(attempt).MicroDollars));
            var paid = new Money(line.Sum(attempt => attempt.Cost.MicroDollars - attempt.ExtraCost.MicroDollars));
            var onItsWay = last.OnItsWay();
            if (paid < whole + moved || paid > whole + moved + onItsWay || line.Zip(line.Skip(1)).Any(pair => pair.First.PassedTo is null || pair.First.EndedAt != pair.Second.BilledFrom))
            {
                throw new ViolationException("owners pay for the whole life", $"{owners.Key}: {paid} paid by {line.Count}, {whole} for the time and {moved} for what was moved, {onItsWay} may have been on its way");
            }
        }
    }

    private static Money Moved(Attempt attempt)
    {
        var offer = attempt.Offer;
        var cost = offer.DownPerGB.PerGBFor(offer.ImageBytes) + offer.UpPerGB.PerGBFor(attempt.SentBytes);
        return attempt.RestoreDecided ? cost + offer.CostOfFetching(offer.DataBytes + (attempt.RestoreFrom?.Bytes ?? 0)) : cost;
    }
}
