using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>Deadline in 20 hours, 10 hours of work on what nobody takes away, half an hour's margin: the latest start is after 9.5 hours.</summary>
public sealed class DeadlineTests
{
    private static readonly DateTimeOffset _deadline = Scene.Start.AddHours(20);
    private static readonly Offer _sure = Scene.Offer("sure", "sim/sure", 2m);
    private static readonly Offer _ride = Scene.Offer("ride", "sim/ride", 0.5m) with { Capacity = CapacityType.Interruptible };

    private static NetView Net(double hours = 10, bool? stays = null) => new() { Ranked = [_sure], Needed = TimeSpan.FromHours(hours), StaysInTime = stays };

    private static Scene Job(Func<JobTerms, JobTerms>? terms = null) =>
        new((terms ?? (all => all))(new JobTerms { HasCheckpoints = true, Stall = null, Deadline = _deadline })) { Offers = [_ride, _sure], Net = Net() };

    private static void TickAt(Scene scene, DateTimeOffset at) => scene.Tick((at - scene.Now).TotalSeconds);

    [Fact]
    public void Until_the_latest_start_the_cheapest_is_taken()
    {
        var scene = Job();
        scene.Tick(1);

        Assert.Equal("ride", scene.Newest.Offer.OfferId);
        Assert.Equal(Scene.Start.AddHours(9.5), scene.State.Net?.LatestStart);
    }

    [Fact]
    public void From_the_latest_start_on_only_what_nobody_takes_away()
    {
        var scene = Job();
        TickAt(scene, Scene.Start.AddHours(9.5));

        Assert.Equal("sure", scene.Newest.Offer.OfferId);
    }

    [Fact]
    public void A_price_is_waited_for_until_the_latest_start()
    {
        var scene = Job(all => all with { StartBelow = Money.FromDollars(0.3m) });
        TickAt(scene, Scene.Start.AddHours(9.4));
        Assert.Equal(JobPhase.Waiting, scene.State.Phase);

        TickAt(scene, Scene.Start.AddHours(9.5));
        Assert.Equal("sure", scene.Newest.Offer.OfferId);
    }

    /// <summary>Half of the time to spare, then whatever is cheapest; the other half stays for rides that are interrupted.</summary>
    [Fact]
    public void A_market_that_asks_more_than_usual_is_waited_for_with_half_of_the_time_to_spare()
    {
        var scene = Job();
        scene.Usually = new UsualCost("RTX 4090", CapacityType.Interruptible, Money.FromDollars(0.2912m), Money.FromDollars(3), Money.FromDollars(6));
        scene.Tick(1);
        Assert.Equal(JobPhase.Waiting, scene.State.Phase);
        Assert.Equal("the market asks more than usual, and the deadline leaves time: it waits for the usual until about 2026-11-20 16:30 UTC at the latest", scene.State.PhaseReason);
        Assert.Empty(scene.Tick(60));

        TickAt(scene, Scene.Start.AddHours(4.7));
        Assert.Equal(JobPhase.Waiting, scene.State.Phase);
        TickAt(scene, Scene.Start.AddHours(4.75));
        Assert.Equal("ride", scene.Newest.Offer.OfferId);
    }

    [Fact]
    public void Once_the_market_is_as_usual_the_wait_is_over()
    {
        var scene = Job();
        scene.Usually = new UsualCost("RTX 4090", CapacityType.Interruptible, Money.FromDollars(0.3m), Money.FromDollars(3), Money.FromDollars(6));
        scene.Tick(1);
        scene.Usually = null;
        TickAt(scene, Scene.Start.AddHours(2));

        Assert.Equal("ride", scene.Newest.Offer.OfferId);
    }

    [Theory]
    [InlineData("price")]
    [InlineData("no deadline")]
    [InlineData("start window")]
    [InlineData("run window")]
    public void Who_names_a_price_or_hours_or_has_no_deadline_does_not_wait_for_what_is_usual(string what)
    {
        TimeWindow open = new(Scene.Start, Scene.Start.AddHours(18));
        var scene = Job(all => what switch
        {
            "price" => all with { StartBelow = Money.FromDollars(100) },
            "no deadline" => all with { Deadline = null },
            "start window" => all with { StartWindows = [open] },
            _ => all with { RunWindows = [open] },
        });
        scene.Net = what == "no deadline" ? null : Net();
        scene.Usually = new UsualCost("RTX 4090", CapacityType.Interruptible, Money.FromDollars(0.3m), Money.FromDollars(3), Money.FromDollars(6));
        scene.Tick(1);

        Assert.Equal("ride", scene.Newest.Offer.OfferId);
    }

    /// <summary>An interruption leaves half of what is left to spare.</summary>
    [Fact]
    public void After_an_interruption_it_waits_again_but_never_beyond_the_latest_start()
    {
        var scene = Job();
        scene.Reach(AttemptPhase.Running);
        scene.Usually = new UsualCost("RTX 4090", CapacityType.Interruptible, Money.FromDollars(0.3m), Money.FromDollars(3), Money.FromDollars(6));
        scene.LoseInstance();
        Assert.Equal((JobPhase.Waiting, 1), (scene.State.Phase, scene.State.Attempts.Length));
        var (lost, latest) = (scene.Newest.EndingSince!.Value, scene.State.Net!.LatestStart!.Value);
        TickAt(scene, lost + ((latest - lost) / 2) - TimeSpan.FromSeconds(1));
        Assert.Single(scene.State.Attempts);

        TickAt(scene, lost + ((latest - lost) / 2));
        Assert.Equal(("ride", 2), (scene.Newest.Offer.OfferId, scene.State.Attempts.Length));
    }

    [Fact]
    public void Hours_are_waited_for_until_the_latest_start_and_no_longer_kept_from_then_on()
    {
        var scene = Job(all => all with { RunWindows = [new TimeWindow(Scene.Start.AddHours(12), Scene.Start.AddHours(16))] });
        scene.Tick(1);
        Assert.Equal((JobPhase.Scheduled, Scene.Start.AddHours(9.5)), (scene.State.Phase, scene.State.NotBefore));

        TickAt(scene, Scene.Start.AddHours(9.5));
        Assert.Equal("sure", scene.Newest.Offer.OfferId);

        scene.Reach(AttemptPhase.Running);
        TickAt(scene, Scene.Start.AddHours(16));
        Assert.Equal(AttemptPhase.Running, scene.Newest.Phase);
    }

    [Fact]
    public void Hours_that_come_before_the_latest_start_are_waited_for()
    {
        var scene = Job(all => all with { StartWindows = [new TimeWindow(Scene.Start.AddHours(5), Scene.Start.AddHours(6))] });
        scene.Tick(1);

        Assert.Equal((JobPhase.Scheduled, Scene.Start.AddHours(5)), (scene.State.Phase, scene.State.NotBefore));
        TickAt(scene, Scene.Start.AddHours(5));
        Assert.Equal("ride", scene.Newest.Offer.OfferId);
    }

    [Fact]
    public void While_it_waits_for_its_hours_the_net_is_looked_at_again_and_may_come_sooner()
    {
        var scene = Job(all => all with { StartWindows = [new TimeWindow(Scene.Start.AddHours(12), Scene.Start.AddHours(16))] });
        scene.Tick(1);
        Assert.Equal(scene.Now.AddHours(1), Kernel.NextDue(scene.State, scene.Policies, scene.Now));
        Assert.False(Kernel.WantsOffers(scene.State, scene.Policies, scene.Now.AddMinutes(59)));
        Assert.True(Kernel.WantsOffers(scene.State, scene.Policies, scene.Now.AddMinutes(60)));

        scene.Net = Net(hours: 15);
        scene.Tick(3600);
        Assert.Equal((JobPhase.Scheduled, Scene.Start.AddHours(4.5)), (scene.State.Phase, scene.State.NotBefore));

        TickAt(scene, Scene.Start.AddHours(4.5));
        Assert.Equal("sure", scene.Newest.Offer.OfferId);
    }

    [Fact]
    public void The_net_never_begins_a_job_before_the_instant_that_its_schedule_names()
    {
        var scene = Job(all => all with { NotBefore = Scene.Start.AddHours(11) });
        TickAt(scene, Scene.Start.AddHours(10));
        Assert.Empty(scene.State.Attempts);

        TickAt(scene, Scene.Start.AddHours(11));
        Assert.Equal("sure", scene.Newest.Offer.OfferId);
    }

    [Fact]
    public void A_ride_is_looked_at_every_hour_and_goes_on_while_there_is_time()
    {
        var scene = Job().Reach(AttemptPhase.Running);
        Assert.Equal(Scene.Start.AddHours(1), scene.State.Net!.LookAt!.Value, TimeSpan.FromMinutes(1));
        Assert.Equal(scene.State.Net.LookAt, Kernel.NextDue(scene.State, scene.Policies, scene.Now));

        scene.Net = Net(hours: 9, stays: false);
        TickAt(scene, scene.State.Net.LookAt!.Value);

        // Eight minutes are kept for storing and wiping.
        Assert.Equal((AttemptPhase.Running, Scene.Start.AddHours(10.5).AddMinutes(-8)), (scene.Newest.Phase, scene.State.Net.LatestStart));
        Assert.True(scene.State.Net.LookAt > scene.Now);
    }

    [Fact]
    public void At_the_latest_start_a_ride_moves_to_what_nobody_takes_away_and_stays_there()
    {
        var scene = Job().Reach(AttemptPhase.Running);
        scene.Net = Net(stays: false);
        TickAt(scene, Scene.Start.AddHours(9.5));

        Assert.Equal((EndReason.DeadlineNear, AttemptPhase.Draining), (scene.Newest.Reason, scene.Newest.Phase));
        Assert.False(EndReason.DeadlineNear.IsInterruption());

        // The checkpoint that was stored on leaving moves the latest start; the job does not go back for it.
        scene.Net = Net(hours: 5);
        scene.LoseInstance();
        scene.Tick(1);
        Assert.Equal((2, "sure", 0), (scene.State.Attempts.Length, scene.Newest.Offer.OfferId, scene.State.Interruptions));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void A_ride_goes_on_where_it_makes_the_deadline_or_where_moving_would_not(double hours, bool stays)
    {
        var scene = Job().Reach(AttemptPhase.Running);
        scene.Net = Net(hours, stays);
        TickAt(scene, Scene.Start.AddHours(9.5));

        Assert.Equal(AttemptPhase.Running, scene.Newest.Phase);
        Assert.Equal(scene.Now + scene.Policies.DeadlineNearLook, Kernel.NextDue(scene.State, scene.Policies, scene.Now));
    }

    [Fact]
    public void What_nobody_takes_away_is_left_alone()
    {
        var scene = Job();
        scene.Offers = [_sure];
        scene.Reach(AttemptPhase.Running);
        scene.Net = Net(stays: false);
        TickAt(scene, Scene.Start.AddHours(12));

        Assert.Equal(AttemptPhase.Running, scene.Newest.Phase);
        Assert.False(Kernel.WantsOffers(scene.State, scene.Policies, scene.Now));
    }

    [Fact]
    public void A_deadline_that_cannot_be_made_is_told_and_the_job_goes_on_by_cost()
    {
        var scene = Job();
        scene.Net = new NetView { Ranked = [], MissedBy = TimeSpan.FromHours(3) };
        var events = scene.Tick(1);

        Assert.Contains("missed by about 3 h", Assert.Single(events.OfType<NetMoved>()).Why, StringComparison.Ordinal);
        Assert.Equal("ride", scene.Newest.Offer.OfferId);
    }

    [Fact]
    public void What_the_budget_does_not_allow_is_no_net()
    {
        var scene = Job(all => all with { MaxTotal = Money.FromDollars(0.3m) });
        TickAt(scene, Scene.Start.AddHours(10));

        Assert.Equal("ride", scene.Newest.Offer.OfferId);
    }

    [Fact]
    public void A_net_that_flickers_is_written_down_once()
    {
        var scene = Job(all => all with { StartBelow = Money.FromDollars(0.3m) });
        scene.Tick(1);

        scene.Net = Net(hours: 10.05);
        Assert.Empty(scene.Tick(30));
        scene.Net = Net(hours: 10.2);
        Assert.Single(scene.Tick(30).OfType<NetMoved>());
    }
}
