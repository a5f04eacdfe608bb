using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class RoomRuleTests
{
    private static readonly JobTerms _terms = new() { Stall = null, HasCheckpoints = true };

    [Fact]
    public void A_job_waits_for_room_says_for_what_and_begins_when_it_comes()
    {
        var scene = new Scene(_terms) { Room = Hourly(4, (3, 3.6m)) };

        scene.Tick(1);
        Assert.Equal((JobPhase.Waiting, "server limit max-hourly $4.00/h: $3.60/h in use by #3; $1.00/h needed"), (scene.State.Phase, scene.State.PhaseReason));
        Assert.Equal(Money.FromDollars(1), scene.State.RoomWait?.PricePerHour);
        Assert.Empty(scene.Owed);
        Assert.Equal(Scene.Start.AddSeconds(1) + scene.Policies.OfferRetry, Kernel.NextDue(scene.State, scene.Policies, scene.Now));

        // Another job in the same place is the same wait: its numbers are not told every second.
        scene.Room = Hourly(4, (4, 3.2m));
        Assert.Empty(scene.Tick(1));
        scene.Tick(600);
        Assert.Contains("$3.20/h in use by #4", scene.State.PhaseReason, StringComparison.Ordinal);

        scene.Room = Hourly(4, (3, 3m));
        scene.Tick(1);
        Assert.Equal((AttemptPhase.Launching, null), (scene.Newest.Phase, scene.State.RoomWait));
    }

    [Fact]
    public void Of_several_offers_one_that_fits_is_taken()
    {
        var scene = new Scene(_terms) { Offers = [Scene.Offer("o1", "sim/1", 2m), Scene.Offer("o2", "sim/2", 0.5m)], Room = Hourly(4, (3, 3.5m)) };

        scene.Tick(1);

        Assert.Equal("o2", scene.Newest.Offer.OfferId);
    }

    [Fact]
    public void What_would_not_fit_even_alone_does_not_stand_in_line()
    {
        var scene = new Scene(_terms) { Room = Hourly(0.5m) };

        scene.Tick(1);

        Assert.Equal((JobPhase.Waiting, null), (scene.State.Phase, scene.State.RoomWait));
        Assert.Equal("server limit max-hourly $0.50/h: the cheapest offer costs $1.00/h", scene.State.PhaseReason);
    }

    [Fact]
    public void Whoever_cannot_use_the_room_there_is_keeps_it_from_nobody()
    {
        var scene = new Scene(_terms) { Offers = [Scene.Offer("o1", "sim/1", 0.4m) with { Provider = "barred" }, Scene.Offer("o2", "sim/2", 2m)], Room = Hourly(4, (3, 3.5m)) };
        scene.Tick(1);
        scene.Tick(1, new LaunchRejected(1, 1, RefusalKind.Unauthorized, "no"));
        scene.Tick(60);

        Assert.Equal((1, JobPhase.Waiting, null), (scene.Newest.Number, scene.State.Phase, scene.State.RoomWait));
        Assert.Contains("those that failed lately", scene.State.PhaseReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_sees_no_market_keeps_no_room_from_others()
    {
        var scene = new Scene(_terms) { Room = Hourly(4, (3, 3.6m)) };
        scene.Tick(1);
        Assert.NotNull(scene.State.RoomWait);

        scene.ProvidersAnswer = false;
        scene.Tick(60);
        Assert.Equal((JobPhase.Waiting, "no provider answers", null), (scene.State.Phase, scene.State.PhaseReason, scene.State.RoomWait));

        scene.ProvidersAnswer = true;
        scene.Tick(60);
        Assert.NotNull(scene.State.RoomWait);
    }

    [Fact]
    public void An_instance_of_its_own_counts_until_its_destroy_was_accepted()
    {
        var scene = new Scene(_terms) { Room = new() { Limits = new() { MaxInstances = 1 }, Used = default } }.Reach(AttemptPhase.Running);

        scene.LoseInstance();
        scene.Tick(60);

        Assert.Equal((2, AttemptPhase.Launching), (scene.Newest.Number, scene.Newest.Phase));
    }

    [Fact]
    public void Beside_an_instance_whose_end_nobody_confirms_nothing_begins_that_would_pass_a_limit()
    {
        var scene = new Scene(_terms) { Room = new() { Limits = new() { MaxInstances = 1 }, Used = default } }.Reach(AttemptPhase.Running);
        scene.ListAnswers = false;
        scene.AgentTalks = false;
        for (var minute = 0; minute < 60; minute++)
        {
            scene.Tick(60);
        }

        Assert.Equal((1, AttemptPhase.Terminating), (scene.Newest.Number, scene.Newest.Phase));
        Assert.Equal("server limit max-instances 1: 1 in use by an attempt of its own that has not ended", scene.State.PhaseReason);

        scene.Room = null;
        scene.Tick(60);
        Assert.Equal(2, scene.Newest.Number);
    }

    [Fact]
    public void What_runs_is_left_alone_when_the_limit_is_lowered_below_it()
    {
        var scene = new Scene(_terms).Reach(AttemptPhase.Running);

        scene.Room = Hourly(0.1m, (3, 5m));

        Assert.Empty(scene.Tick(3600));
    }

    [Fact]
    public void A_ride_goes_on_where_the_limits_leave_no_room_for_what_would_keep_the_deadline()
    {
        var scene = new Scene(_terms with { Deadline = Scene.Start.AddHours(4) })
        {
            Offers = [Scene.Offer("o1", "sim/1", 1m) with { Capacity = CapacityType.Interruptible }],
            Net = new NetView { Ranked = [Scene.Offer("sure", "sim/2", 2m)], Needed = TimeSpan.FromHours(2), StaysInTime = false },
        };
        scene.Reach(AttemptPhase.Running);
        scene.Room = Hourly(4, (3, 2.5m));

        scene.Tick(90 * 60);
        Assert.Equal(AttemptPhase.Running, scene.Newest.Phase);

        // Its own dollar is free once it moves.
        scene.Room = Hourly(4, (3, 2m));
        scene.Tick(10 * 60);
        Assert.Equal(EndReason.DeadlineNear, scene.Newest.Reason);
    }

    /// <summary>Room elsewhere is of no use to it, so it keeps none from others; what another provider offers is taken.</summary>
    [Fact]
    public void A_full_account_is_passed_over_and_waited_for_where_nothing_else_is_offered()
    {
        var full = Room.Of(
            new() { Accounts = [new("mine", "sim", new() { MaxInstances = 1 })] }, [new Rental(new JobId(3), new RoomUse(Money.FromDollars(1), Money.Zero, 1), "sim")], []);
        var other = new Scene(_terms) { Offers = [Scene.Offer("o1", "sim/1", 0.4m), Scene.Offer("o2", "other/1", 2m) with { Provider = "other" }], Room = full };
        other.Tick(1);
        Assert.Equal("o2", other.Newest.Offer.OfferId);

        var scene = new Scene(_terms) { Offers = [Scene.Offer("o1", "sim/1", 0.4m)], Room = full };
        scene.Tick(1);
        Assert.Equal((JobPhase.Waiting, "account mine, limit max-instances 1: 1 in use by #3"), (scene.State.Phase, scene.State.PhaseReason));
        Assert.StartsWith(RoomWait.OfAccounts, scene.State.RoomWait!.Limit, StringComparison.Ordinal);
        Assert.Empty(scene.Tick(1));

        scene.Room = Room.Of(full.Limits, [], []);
        scene.Tick(1);
        Assert.Equal(AttemptPhase.Launching, scene.Newest.Phase);
    }

    private static Room Hourly(decimal most, params (long Job, decimal Price)[] others) => Room.Of(
        new() { MaxHourly = Money.FromDollars(most) },
        [.. others.Select(other => new Rental(new JobId(other.Job), new RoomUse(Money.FromDollars(other.Price), Money.Zero, 1), "vast"))], []);
}
