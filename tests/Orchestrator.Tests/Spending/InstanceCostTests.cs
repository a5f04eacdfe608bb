using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Offers;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Spending;

/// <summary>Each provider's rules over one life: created, up after ten minutes, gone after seventy.</summary>
public sealed class InstanceCostTests
{
    private const long GB = 1_000_000_000;

    private static readonly DateTimeOffset _start = new(2026, 11, 20, 20, 0, 0, TimeSpan.Zero);

    private static readonly BillingRules _vast = new() { Compute = BillingStart.Running };
    private static readonly BillingRules _runPod = BillingRules.Dearest;
    private static readonly BillingRules _lambda = new() { Compute = BillingStart.Running, Disk = BillingStart.Running };

    /// <summary>$0.60 an hour, and 730 GB at $0.10 a month: $0.10 an hour for the disk.</summary>
    private static readonly OfferTaken _offer = new()
    {
        Provider = "vast", OfferId = "1", Capacity = CapacityType.Interruptible, HostKind = HostKind.Container, PricePerHour = Money.FromDollars(0.6m),
        DiskPerGBMonth = Money.FromDollars(0.1m), DiskBytes = 730 * GB,
    };

    private static readonly Attempt _attempt = new()
    {
        Number = 1, Label = "orc-e1-7-1", Phase = AttemptPhase.Ended, PhaseSince = _start, PlannedAt = _start, LaunchSentAt = _start, BilledFrom = _start, InstanceId = "11",
        InstanceFoundAt = _start.AddSeconds(2), Offer = _offer, Reason = EndReason.Succeeded, DestroyAcceptedAt = _start.AddMinutes(70), EndedAt = _start.AddMinutes(71), Wiped = true,
        TrainingStartedAt = _start.AddMinutes(12), TrainingEndedAt = _start.AddMinutes(68), EndingSince = _start.AddMinutes(68),
    };

    private static readonly InstanceSeen _seen = new() { InstanceId = "11", RunningAt = _start.AddMinutes(10) };

    public static TheoryData<string, BillingRules, double, double> Rules => new()
    {
        { "from the call on", BillingRules.Dearest, 70, 70 },
        { "the card while it runs, the disk from the call on", _vast, 60, 70 },
        { "all from the call on", _runPod, 70, 70 },
        { "all while it runs", _lambda, 60, 60 },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rules_say_which_minutes_are_billed(string what, BillingRules rules, double computeMinutes, double diskMinutes)
    {
        var metered = InstanceCost.Of(_attempt, _seen, rules, _start.AddDays(9)).Metered;

        Assert.True(metered.Compute == Dollars(computeMinutes * 0.01), $"{what}: {metered}");
        Assert.True(metered.Disk == Dollars(Math.Round(diskMinutes * 0.1 / 60, 6, MidpointRounding.ToPositiveInfinity)), $"{what}: {metered}");
    }

    [Fact]
    public void Begun_units_are_billed_whole()
    {
        var attempt = _attempt with { Offer = _offer with { BillingUnit = TimeSpan.FromMinutes(1) }, DestroyAcceptedAt = _start.AddMinutes(70).AddSeconds(1) };

        Assert.Equal(Dollars(0.61), InstanceCost.Of(attempt, _seen, _lambda, _start).Metered.Compute);
    }

    [Theory]
    [InlineData(BilledParts.All, 0.6, 0.116667)]
    [InlineData(BilledParts.DiskOnly, 0.3, 0.116667)]
    [InlineData(BilledParts.None, 0.3, 0.066667)]
    public void What_its_provider_says_is_free_is_left_out(BilledParts billed, double compute, double disk)
    {
        var seen = _seen with { Spared = [new(_start.AddMinutes(30), _start.AddMinutes(60), billed)] };

        var metered = InstanceCost.Of(_attempt, seen, _vast, _start).Metered;

        Assert.Equal((Dollars(compute), Dollars(disk)), (metered.Compute, metered.Disk));
    }

    [Fact]
    public void The_same_hours_are_priced_on_demand_where_that_price_was_known()
    {
        var seen = _seen with { Spared = [new(_start.AddMinutes(30), _start.AddMinutes(60), BilledParts.None)] };
        var attempt = _attempt with { Offer = _offer with { UpPerGB = Dollars(0.02) }, SentBytes = 5 * GB };

        // Half an hour at $1.20; forty minutes of the disk; five gigabytes.
        Assert.Equal(Dollars(0.6 + 0.066667 + 0.1), InstanceCost.Of(attempt with { Offer = attempt.Offer with { OnDemandPerHour = Dollars(1.2) } }, seen, _vast, _start).OnDemand);
        Assert.Null(InstanceCost.Of(attempt, seen, _vast, _start).OnDemand);
        var full = InstanceCost.Of(attempt with { Offer = attempt.Offer with { Capacity = CapacityType.OnDemand } }, seen, _vast, _start);
        Assert.Equal(full.Metered.Total, full.OnDemand);
        Assert.Equal(Dollars(0.05 * 2), InstanceCost.Of(
            attempt with { Offer = attempt.Offer with { OnDemandPerHour = Dollars(1.2), DiskBytes = 0 } }, new InstanceSeen { InstanceId = "12", Extra = true, GoneAt = _start.AddMinutes(5) }, BillingRules.Dearest, _start).OnDemand);
    }

    [Fact]
    public void An_extra_one_is_spared_as_well()
    {
        var extra = new InstanceSeen { InstanceId = "12", Extra = true, GoneAt = _start.AddMinutes(30), Spared = [new(_start.AddMinutes(10), _start.AddMinutes(30), BilledParts.None)] };

        Assert.Equal(Dollars(0.1), InstanceCost.Of(_attempt, extra, BillingRules.Dearest, _start).Metered.Compute);
    }

    [Fact]
    public void What_vanished_is_billed_until_the_list_that_first_lacked_it()
    {
        var attempt = _attempt with { Reason = EndReason.InstanceGone, AbsentSince = _start.AddMinutes(40) };

        Assert.Equal(_start.AddMinutes(40), InstanceCost.Of(attempt, _seen, _vast, _start).Life.GoneAt);
    }

    [Fact]
    public void One_that_lives_is_metered_until_now_and_one_that_never_ran_pays_no_card()
    {
        var attempt = _attempt with { Phase = AttemptPhase.Booting, Reason = EndReason.None, DestroyAcceptedAt = null, EndedAt = null, EndingSince = null, TrainingStartedAt = null, TrainingEndedAt = null };

        var cost = InstanceCost.Of(attempt, _seen with { RunningAt = null }, _vast, _start.AddHours(1));

        Assert.Equal((Money.Zero, Dollars(0.1), false), (cost.Metered.Compute, cost.Metered.Disk, cost.NeverBooted));
    }

    [Fact]
    public void Bytes_are_the_hosts_bill_and_what_leaves_a_store_is_another()
    {
        var attempt = _attempt with
        {
            Offer = _offer with { DownPerGB = Dollars(0.01), UpPerGB = Dollars(0.02), EgressPerGB = Dollars(0.09), ImageBytes = 8 * GB, DataBytes = 10 * GB }, RestoreDecided = true, SentBytes = 5 * GB,
        };

        var metered = InstanceCost.Of(attempt, _seen, _vast, _start).Metered;

        Assert.Equal((Dollars(0.18 + 0.1), Dollars(0.9)), (metered.Moves, metered.Egress));
        Assert.Equal(metered.Billed + metered.Egress, metered.Total);
    }

    /// <summary>A plan's size may be a guess; what was sent before is none. Budgets keep to the larger one.</summary>
    [Theory]
    [InlineData(3L, null, 0.000001)]
    [InlineData(7_000_000_000L, null, 0.021)]
    [InlineData(0L, 50_000_000L, 0.00015)]
    [InlineData(0L, 90_000_000_000L, 0.006)]
    [InlineData(0L, null, 0.006)]
    public void What_was_on_its_way_when_a_host_was_lost_is_as_large_as_what_is_known_of_others(long newest, long? wentOnFrom, double moves)
    {
        var attempt = _attempt with
        {
            Offer = _offer with { UpPerGB = Dollars(0.003), CheckpointBytes = 2 * GB }, Reason = EndReason.HostSilent, Wiped = null, NewestSentBytes = newest,
            RestoreFrom = wentOnFrom is { } bytes ? new CheckpointRef { Attempt = 1, Ordinal = 1, ManifestKey = "k", Entry = "step-1", Bytes = bytes } : null,
        };

        var metered = InstanceCost.Of(attempt, _seen, _vast, _start).Metered;

        Assert.Equal(moves, (double)metered.Moves.Dollars, 6);
        Assert.False(metered.Moves > attempt.OnItsWay());
    }

    [Theory]
    [InlineData(null, 0.56)]
    [InlineData(60, 0.08)]
    [InlineData(5, 0.56)]
    public void Work_is_lost_from_the_newest_checkpoint_on(int? savedAfterMinutes, double lost)
    {
        var attempt = _attempt with { Reason = EndReason.HostSilent };

        var cost = InstanceCost.Of(attempt, _seen with { SavedAt = savedAfterMinutes is { } minutes ? _start.AddMinutes(minutes) : null }, _vast, _start);

        Assert.Equal((Dollars(lost), false), (cost.LostWork, cost.NeverBooted));
        Assert.Equal(Money.Zero, InstanceCost.Of(_attempt, _seen, _vast, _start).LostWork);
    }

    [Fact]
    public void Before_anything_was_trained_all_of_it_was_for_nothing()
    {
        var attempt = _attempt with { Reason = EndReason.NeverBooted, TrainingStartedAt = null, TrainingEndedAt = null };

        Assert.True(InstanceCost.Of(attempt, _seen with { RunningAt = null }, _vast, _start).NeverBooted);
        Assert.False(InstanceCost.Of(attempt with { Reason = EndReason.Cancelled }, _seen, _vast, _start).NeverBooted);
        Assert.True(InstanceCost.Of(_attempt, new InstanceSeen { InstanceId = "12", Extra = true, GoneAt = _start.AddMinutes(5) }, _vast, _start) is
        {
            NeverBooted: true, Metered.Compute.MicroDollars: 50_000
        });
    }

    [Theory]
    [InlineData(1, 1, 0, false)]
    [InlineData(1.02, 1, 0.02, false)]
    [InlineData(1.03, 1, 0.03, true)]
    [InlineData(0.97, 1, 0.03, true)]
    [InlineData(0.04, 0.02, 1, false)]
    [InlineData(0, 0, 0, false)]
    [InlineData(0.5, 0, 1, true)]
    public void A_person_is_told_of_more_than_two_percent_and_two_cents(double metered, double billed, double apart, bool isTold)
    {
        Assert.Equal((decimal)apart, BillGap.Apart(Dollars(metered), Dollars(billed)));
        Assert.Equal(isTold, BillGap.IsTold(Dollars(metered), Dollars(billed)));
    }

    private static Money Dollars(double dollars) => Money.FromDollars((decimal)dollars);
}
