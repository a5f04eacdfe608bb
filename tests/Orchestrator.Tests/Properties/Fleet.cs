using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Tests.Properties;

/// <summary>Several jobs, each in a hostile world of its own, under limits that they share. What ticks see of the room is often stale.</summary>
public sealed class Fleet : IFleet
{
    /// <summary>The dearest of the worlds' offers: any smaller limit would keep some job out for ever.</summary>
    private static readonly Money _dearest = Money.FromDollars(1.5m);

    private readonly SeededRandom _random;
    private readonly Dictionary<World, Room> _seen = [];
    private readonly ImmutableArray<World> _worlds;

    public Fleet(long seed, int jobs)
    {
        _random = SeededRandom.For("fleet", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Limits = new ServerLimits
        {
            MaxInstances = _random.Chance(0.3) ? null : 1 + _random.Next(3),
            MaxHourly = _random.Chance(0.3) ? null : new Money(_dearest.MicroDollars * (10 + _random.Next(15)) / 10),
            // Room for all that the jobs may spend in an hour or two, and for one that has no budget.
            MaxWeekly = _random.Chance(0.6) ? null : new Money(_dearest.PerHourFor(Rental.Week).MicroDollars * (15 + _random.Next(20)) / 10),
        };
        var accounts = SeededRandom.For("fleet-accounts", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (accounts.Chance(0.4))
        {
            Limits = Limits with { Accounts = [new AccountLimits("mine", "sim", new ServerLimits { MaxInstances = 1 + accounts.Next(2), MaxHourly = accounts.Chance(0.5) ? null : _dearest })] };
        }

        _worlds = [.. Enumerable.Range(0, jobs).Select(index => new World((seed * 100) + index, fleet: this, job: index + 1))];
    }

    public ServerLimits Limits { get; }

    public IEnumerable<World> Worlds => _worlds;

    /// <summary>Appends that were refused because another job had been faster.</summary>
    public int Refused { get; private set; }

    /// <summary>Ticks after which a job waited for room.</summary>
    public int Waits { get; private set; }

    /// <summary>Whoever is furthest behind goes on, until all have ended.</summary>
    public void Run()
    {
        for (var step = 0; _worlds.Where(world => !world.State.Phase.IsTerminal()).MinBy(world => world.Now) is { } next; step++)
        {
            if (step == World.MaxSteps * _worlds.Length)
            {
                throw new ViolationException("every job ends", $"{next.State.Id} is still {next.State.Phase} ({next.State.PhaseReason}) under {Limits}");
            }

            next.Step();
            Waits += next.State.RoomWait is null ? 0 : 1;
            NothingIsPassed(next.Now);
        }

        foreach (var world in _worlds)
        {
            world.Finish();
        }
    }

    public BatchView? BatchOf(World world) => null;

    public Room? RoomOf(World world)
    {
        if (!_seen.TryGetValue(world, out var room) || !_random.Chance(0.4))
        {
            _seen[world] = room = Room.Of(
                Limits,
                [.. Others(world).SelectMany(other => Rental.Of(other.State, world.Now))],
                [.. Others(world).Where(other => other.State.Id.Value < world.State.Id.Value && other.State.RoomWait is { } wait && !wait.Limit.StartsWith(RoomWait.OfAccounts, StringComparison.Ordinal))
                    .Select(other => new RoomWanted(other.State.Id, other.State.RoomWait!.PricePerHour, other.State.LeftAt(world.Now)))]);
        }

        return room;
    }

    public bool Permits(World world, ImmutableArray<JobEvent> events)
    {
        if (events.OfType<AttemptPlanned>().FirstOrDefault() is not { } planned)
        {
            return true;
        }

        var before = events.TakeWhile(e => e != planned).Aggregate(world.State, Kernel.Apply);
        var room = Room.Of(Limits, [.. Others(world).SelectMany(other => Rental.Of(other.State, world.Now))], []);
        var fits = room.LeftTo(before, world.Now).FitsAt(planned.Offer.Provider, planned.Offer.PerHour);
        if (!fits)
        {
            Refused++;
            _seen.Remove(world);
        }

        return fits;
    }

    private IEnumerable<World> Others(World world) => _worlds.Where(other => other != world);

    /// <summary>By the books, counted anew; extras are nobody's decision, nor is what goes on after its destroy was accepted.</summary>
    private void NothingIsPassed(DateTimeOffset now)
    {
        var attempts = _worlds.SelectMany(world => world.State.Attempts.Where(attempt => attempt.BilledFrom is not null && attempt.IsLive() && AcceptedAt(world, attempt) is null)).ToList();
        if (attempts.Count > Limits.MaxInstances)
        {
            throw new ViolationException("max-instances holds", $"{attempts.Count} of {Limits.MaxInstances}");
        }

        if (attempts.Sum(attempt => attempt.Offer.PerHour.MicroDollars) is var hourly && hourly > Limits.MaxHourly?.MicroDollars)
        {
            throw new ViolationException("max-hourly holds", $"{hourly} of {Limits.MaxHourly?.MicroDollars} micro-dollars");
        }

        foreach (var account in Limits.Accounts)
        {
            var there = attempts.Where(attempt => attempt.Offer.Provider == account.Provider).ToList();
            if (there.Count > account.Limits.MaxInstances || there.Sum(attempt => attempt.Offer.PerHour.MicroDollars) > account.Limits.MaxHourly?.MicroDollars)
            {
                throw new ViolationException("an account's limits hold", $"{there.Count} instances under {account}");
            }
        }

        // Budgets stand still while nobody is there to keep them; beyond that, no week costs more.
        var week = _worlds.Sum(world => world.State.Attempts.Sum(attempt => attempt.CostSince(now - Rental.Week, now).MicroDollars));
        var over = _worlds.Sum(world => world.State.Terms.MaxTotal is { } max ? Math.Max(0, (world.State.SpentAt(now) - max).MicroDollars) : 0);
        if (week - over - Extras(now) - Refuted(now) > Limits.MaxWeekly?.MicroDollars)
        {
            throw new ViolationException("max-weekly holds", $"{week} of {Limits.MaxWeekly?.MicroDollars} micro-dollars, {over} over budgets");
        }
    }

    private static DateTimeOffset? AcceptedAt(World world, Attempt attempt) =>
        world.Events.OfType<DestroyAccepted>().FirstOrDefault(accepted => accepted.Attempt == attempt.Number)?.At;

    /// <summary>What it cost on since the destroy that was accepted first.</summary>
    private long Refuted(DateTimeOffset now) => _worlds.Sum(world => world.State.Attempts.Sum(attempt =>
        AcceptedAt(world, attempt) is { } accepted && attempt.DestroyAcceptedAt != accepted ? attempt.CostSince(accepted, now).MicroDollars : 0));

    private long Extras(DateTimeOffset now) => _worlds.Sum(world => world.State.Attempts.Sum(attempt =>
        attempt.ExtraCost.MicroDollars + attempt.Extras.Sum(extra => attempt.CostOfExtra(now).MicroDollars)));
}
