using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>`max-total` counts everything: begun units, the disk, what is moved both ways, the store's egress.</summary>
public sealed class WholeBillTests
{
    private const long GB = 1_000_000_000;

    /// <summary>The hourly look at the market is left out.</summary>
    private static readonly Policies _noMoves = new() { MoveLook = TimeSpan.FromDays(100) };

    private static readonly LoadView _loads = new() { DiskBytes = 730 * GB, ImageBytes = 10 * GB, DataBytes = 20 * GB, CheckpointBytes = 5 * GB, EgressPerGB = Money.FromDollars(0.1m) };

    [Fact]
    public void Begun_units_count_whole_and_the_disk_to_the_moment()
    {
        var scene = Job(100, all => all with { BillingUnit = TimeSpan.FromHours(1), DiskPerGBMonth = Money.FromDollars(0.1m) }, new LoadView { DiskBytes = 730 * GB });

        var from = scene.Newest.BilledFrom!.Value;

        Assert.Equal(Money.FromDollars(1.05m), scene.State.SpentAt(from.AddMinutes(30)));
        Assert.Equal(Money.FromDollars(1.1m), scene.State.SpentAt(from.AddHours(1)));
        Assert.Equal(Money.FromDollars(2.15m), scene.State.SpentAt(from.AddMinutes(90)));
        Assert.Equal(Money.FromDollars(1.1m), scene.Newest.RateNow());
    }

    [Fact]
    public void What_is_moved_counts_both_ways_and_the_store_charges_too()
    {
        var scene = Job(100, all => all with { DownPerGB = Money.FromDollars(0.02m), UpPerGB = Money.FromDollars(0.03m) });
        var from = scene.Newest.BilledFrom!.Value;

        // 10 GB of image in, 20 GB of data in and out of the store.
        Assert.Equal(Money.FromDollars(0.2m + 0.4m + 2m), scene.State.SpentAt(from));

        scene.Say(s => new CheckpointStored(1, Scene.Key(1, 1), "step-1", 1, 6 * GB, 1, TimeSpan.FromMinutes(1)) { Seq = s, At = scene.Now, Line = new LineUse(4 * GB, TimeSpan.FromSeconds(50)) });
        Assert.Equal(Money.FromDollars(2.6m + 0.12m), scene.State.SpentAt(from));

        scene.Say(s => new CheckpointStored(2, Scene.Key(1, 2), "step-2", 2, 6 * GB, 1, TimeSpan.FromMinutes(1)) { Seq = s, At = scene.Now });
        Assert.Equal(Money.FromDollars(2.6m + 0.12m + 0.18m), scene.State.SpentAt(from));
    }

    [Fact]
    public void A_restore_leaves_the_store_again()
    {
        var scene = Job(100, all => all);
        scene.Say(s => new CheckpointStored(1, Scene.Key(1, 1), "step-1", 1, 5 * GB, 1, TimeSpan.FromMinutes(1)) { Seq = s, At = scene.Now });
        scene.Tick(1, new CheckpointVerified(scene.State.Unverified.Single()));
        scene.LoseInstance();
        var before = scene.State.SpentAt(scene.Now);
        scene.Reach(AttemptPhase.Running);

        var ran = Money.FromDollars(1).PerHourFor(scene.Now - scene.Newest.BilledFrom!.Value);
        Assert.Equal(before + ran + Money.FromDollars(2.5m), scene.State.SpentAt(scene.Now));
    }

    [Fact]
    public void What_was_on_its_way_when_the_host_was_lost_is_billed()
    {
        var scene = Job(100, all => all with { UpPerGB = Money.FromDollars(0.03m) });
        Assert.Equal(Money.FromDollars(0.15m), scene.Newest.OnItsWay());

        scene.LoseInstance();

        var lost = scene.State.Attempts[0];
        Assert.Equal(AttemptPhase.Ended, lost.Phase);
        Assert.True(lost.Cost >= Money.FromDollars(2m + 0.15m));
    }

    [Fact]
    public void A_unit_that_does_not_fit_is_not_begun()
    {
        var scene = Job(3.5m, all => all with { BillingUnit = TimeSpan.FromHours(1) }, new LoadView());

        var due = Kernel.NextDue(scene.State, scene.Policies, scene.Now);
        Assert.Equal(scene.Newest.BilledFrom!.Value.AddHours(3).AddMinutes(-8), due, TimeSpan.FromSeconds(1));
        Assert.Empty(scene.Tick((due - scene.Now).TotalSeconds - 1));
        scene.Tick(1);

        Assert.Equal((EndReason.BudgetExhausted, AttemptPhase.Draining), (scene.Newest.Reason, scene.Newest.Phase));
        scene.Tick(450);
        Assert.Equal(AttemptPhase.Terminating, scene.Newest.Phase);
        Assert.Equal(Money.FromDollars(3), scene.State.SpentAt(scene.Now));
    }

    [Fact]
    public void A_unit_that_is_paid_is_used_up()
    {
        var scene = Job(3m, all => all with { BillingUnit = TimeSpan.FromHours(1) }, new LoadView());

        scene.Tick(scene.Newest.BilledFrom!.Value.AddMinutes(170).Subtract(scene.Now).TotalSeconds);

        Assert.Equal((Money.FromDollars(3), EndReason.None), (scene.State.SpentAt(scene.Now), scene.Newest.Reason));
    }

    [Fact]
    public void A_host_cannot_spend_the_budget_by_its_word()
    {
        var scene = Job(100, all => all with { UpPerGB = Money.FromDollars(0.03m) });

        scene.Say(s => new CheckpointStored(1, Scene.Key(1, 1), "step-1", 1, long.MaxValue, 1, TimeSpan.MaxValue) { Seq = s, At = scene.Now });

        Assert.Equal(_loads.DiskBytes, scene.Newest.SentBytes);
        Assert.Equal(JobPhase.Active, scene.State.Phase);
    }

    [Fact]
    public void What_it_takes_to_begin_counts_with_what_is_moved()
    {
        var scene = new Scene(new JobTerms { MaxTotal = Money.FromDollars(2), HasCheckpoints = true }) { Loads = _loads };

        scene.Tick(1);

        Assert.Empty(scene.State.Attempts);
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
    }

    [Fact]
    public void The_reserve_grows_with_the_uploads_that_were_seen()
    {
        var scene = Job(100, all => all, new LoadView());
        scene.Say(s => new CheckpointStored(1, Scene.Key(1, 1), "step-1", 1, 5, 1, TimeSpan.FromMinutes(25)) { Seq = s, At = scene.Now });
        scene.Tick(1, new CheckpointVerified(scene.State.Unverified.Single()));

        var due = Kernel.NextDue(scene.State, _noMoves, scene.Now);

        Assert.Equal(scene.Newest.BilledFrom!.Value.AddHours(100).AddMinutes(-28), due, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void The_checkpoint_on_its_way_and_the_last_one_are_paid_for_in_time()
    {
        var scene = Job(10, all => all with { UpPerGB = Money.FromDollars(0.03m) }, new LoadView { CheckpointBytes = 5 * GB });
        var from = scene.Newest.BilledFrom!.Value;
        Assert.Equal(from.AddMinutes(600 - (2 * 9) - 8), Kernel.NextDue(scene.State, scene.Policies, scene.Now), TimeSpan.FromSeconds(1));

        // They turn out to be twice as large.
        scene.Say(s => new CheckpointStored(1, Scene.Key(1, 1), "step-1", 1, 10 * GB, 1, TimeSpan.FromMinutes(1)) { Seq = s, At = scene.Now });
        scene.Tick(1, new CheckpointVerified(scene.State.Unverified.Single()));
        Assert.Equal(from.AddMinutes(600 - (3 * 18) - 8), Kernel.NextDue(scene.State, _noMoves, scene.Now), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void An_attempt_of_an_older_release_costs_its_hours_to_the_moment()
    {
        var taken = new OfferTaken { Provider = "p", OfferId = "o", Capacity = CapacityType.OnDemand, HostKind = HostKind.Machine, PricePerHour = Money.FromDollars(3.6m) };

        Assert.Equal(new Money(500), taken.CostOf(TimeSpan.FromMilliseconds(500)));
        Assert.Equal(Money.Zero, taken.CostOfFetching(GB));
    }

    private static Scene Job(decimal max, Func<Offer, Offer> prices, LoadView? loads = null) => new Scene(new JobTerms { MaxTotal = Money.FromDollars(max), Stall = null, HasCheckpoints = true })
    {
        Offers = [prices(Scene.Offer("o1", "sim/1", 1m))],
        Loads = loads ?? _loads,
    }.Reach(AttemptPhase.Running);
}
