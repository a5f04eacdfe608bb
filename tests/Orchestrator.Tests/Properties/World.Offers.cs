using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

/// <summary>What the market shows, and what a planner would say of it.</summary>
public sealed partial class World
{
    private PlanView? Offers(ImmutableArray<Offer> warm)
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
        // Mostly it is what is best; a rental that is about to end is not.
        var given = warm.RemoveAll(offer => offer.Until < _now.AddMinutes(15));
        offers = _now.Minute % 5 == 0 ? [.. offers, .. given] : [.. given, .. offers];
        return new PlanView { At = _now, Loads = Loads, Ranked = offers, Rejected = none ? "2 offers: 2 taken" : "none", Complete = _random.Chance(0.5), Net = Net(offers), Move = Move(offers), Usually = Usually() };
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

    /// <summary>Whether the market is dear is judged by the minute too.</summary>
    private UsualCost? Usually() => State.Terms.Deadline is null || _now.Minute % 4 != 0
        ? null
        : new UsualCost("RTX 4090", CapacityType.Interruptible, Money.FromDollars(0.3m), Money.FromDollars(3), Money.FromDollars(6));

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
}
