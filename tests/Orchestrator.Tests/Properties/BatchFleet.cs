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

    public BatchFleet(long seed, int jobs)
    {
        _random = SeededRandom.For("batch", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _rules = new BatchRules
        {
            Name = "sweep",
            MaxParallel = _random.Chance(0.3) ? null : 1 + _random.Next(jobs),
            Canary = _random.Chance(0.5) ? 0 : 1 + _random.Next(2),
            FailFast = _random.Chance(0.2),
            Budget = _random.Chance(0.3) ? null : Money.FromDollars(0.3m + (_random.Next(100) / 10m)),
        };
        _worlds =
        [
            .. Enumerable.Range(0, jobs).Select(index => new World((seed * 100) + index, fleet: this, job: index + 1, terms: terms => terms with
            {
                Batch = new BatchTerms(_rules.Name, _rules.Budget is not null, _rules.Budget is null || _random.Chance(0.8) ? null : Money.FromDollars(3)),
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

            NothingIsPassed(next.Now);
            Settle(next);
        }

        foreach (var world in _worlds)
        {
            world.Finish();
        }
    }

    public Room? RoomOf(World world) => null;

    public BatchView BatchOf(World world)
    {
        if (!_seen.TryGetValue(world, out var view) || !_random.Chance(0.4))
        {
            _seen[world] = view = BatchLine.ViewOf(_rules, Members(world.Now), world.State.Id);
        }

        return view;
    }

    public bool Permits(World world, ImmutableArray<JobEvent> events)
    {
        var members = Members(world.Now);
        var begins = events.Any(e => e is AttemptPlanned);
        var permitted = (!begins || BatchLine.MayBegin(_rules, members, world.State.Id))
            && (!(begins || events.Any(e => e is BudgetChanged)) || BatchLine.MayHold(_rules, members, world.State.Id, events.Aggregate(world.State, Kernel.Apply).Terms));
        if (!permitted)
        {
            Refused++;
            _seen.Remove(world);
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

    private BatchMember Member(World world, int number, DateTimeOffset now)
    {
        var (state, live) = (world.State, world.State.Attempts.Any(attempt => attempt.IsLive()));
        var spent = state.SpentAt(now);
        return new BatchMember
        {
            Job = state.Id,
            Number = number,
            Priority = state.Terms.Priority,
            Phase = state.Phase,
            Began = !state.Attempts.IsEmpty,
            Live = live,
            Proven = IsProven(world),
            Waits = state.BatchWait is { For: not BatchHoldKind.Budget },
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
}
