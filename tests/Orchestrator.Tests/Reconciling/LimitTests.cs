using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class LimitTests
{
    private static JobTerms Terms(decimal max, BudgetExhausted then = BudgetExhausted.Pause) =>
        new() { MaxTotal = Money.FromDollars(max), OnExhausted = then, Stall = null, HasCheckpoints = true };

    [Theory]
    [InlineData(BudgetExhausted.Pause, JobPhase.Paused)]
    [InlineData(BudgetExhausted.Stop, JobPhase.Failed)]
    public void A_budget_that_runs_out_drains_in_time_and_stops_as_the_spec_says(BudgetExhausted rule, JobPhase verdict)
    {
        var scene = new Scene(Terms(2m, rule)).Reach(AttemptPhase.Running);

        var due = Kernel.NextDue(scene.State, scene.Policies, scene.Now);
        Assert.Empty(scene.Tick((due - scene.Now).TotalSeconds - 1));
        scene.Tick(1);

        // One minute grace, five to flush, two to clean, at a dollar an hour.
        Assert.Equal((EndReason.BudgetExhausted, AttemptPhase.Draining, verdict), (scene.Newest.Reason, scene.Newest.Phase, scene.State.Verdict?.Phase));
        Assert.InRange(scene.State.SpentAt(scene.Now).Dollars, 2m - (8m / 60) - 0.001m, 2m - (8m / 60) + 0.001m);
    }

    [Fact]
    public void A_rental_that_ends_by_itself_is_drained_before_the_cut()
    {
        var end = Scene.Start.AddHours(3);
        var scene = new Scene(new JobTerms { Stall = null, HasCheckpoints = true }) { Offers = [Scene.Offer("o1", "sim/1", 1m) with { Until = end }] };
        scene.Reach(AttemptPhase.Running);

        var due = Kernel.NextDue(scene.State, scene.Policies, scene.Now);
        Assert.Equal(end.AddMinutes(-8), due);
        Assert.Empty(scene.Tick((due - scene.Now).TotalSeconds - 1));
        scene.Tick(1);

        // One minute grace, five to flush, two to clean; an interruption, so the job goes on elsewhere.
        Assert.Equal((EndReason.RentalEnds, AttemptPhase.Draining), (scene.Newest.Reason, scene.Newest.Phase));
        Assert.True(EndReason.RentalEnds.IsInterruption());
        Assert.Null(scene.State.Verdict);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    [InlineData(null, 2)]
    public void A_rental_whose_end_was_changed_is_drained_before_the_new_one(int? agreed, int now)
    {
        var scene = new Scene(new JobTerms { Stall = null, HasCheckpoints = true }) { Offers = [Scene.Offer("o1", "sim/1", 1m) with { Until = agreed is { } hours ? Scene.Start.AddHours(hours) : null }] };
        scene.Reach(AttemptPhase.Running);

        (scene.Listed, scene.ListedTerm) = (InstanceStatus.Running, new RentalTerm(Scene.Start.AddHours(now)));
        Assert.IsType<RentalTermChanged>(Assert.Single(scene.Tick(60)));

        var due = Kernel.NextDue(scene.State, scene.Policies, scene.Now);
        Assert.Equal(Scene.Start.AddHours(now).AddMinutes(-8), due);
        Assert.Empty(scene.Tick((due - scene.Now).TotalSeconds - 1));
        scene.Tick(1);
        Assert.Equal((EndReason.RentalEnds, AttemptPhase.Draining), (scene.Newest.Reason, scene.Newest.Phase));
    }

    /// <summary>The owner gives it more time; a server that has not read that yet still remembers a list of before.</summary>
    [Fact]
    public void A_list_of_before_a_change_does_not_take_it_back()
    {
        var scene = new Scene(new JobTerms { Stall = null, HasCheckpoints = true }) { Offers = [Scene.Offer("o1", "sim/1", 1m) with { Until = Scene.Start.AddHours(1) }] };
        scene.Reach(AttemptPhase.Running);
        (scene.Listed, scene.ListedTerm) = (InstanceStatus.Running, new RentalTerm(Scene.Start.AddHours(9)));
        scene.Tick(60);

        (scene.ListedTerm, scene.ListAge) = (new RentalTerm(Scene.Start.AddMinutes(2)), TimeSpan.FromSeconds(5));
        Assert.Empty(scene.Tick(5));

        Assert.IsType<RentalTermChanged>(scene.Tick(1)[0]);
        Assert.Equal(EndReason.RentalEnds, scene.Newest.Reason);
    }

    [Fact]
    public void A_rental_that_became_open_ended_is_not_left()
    {
        var scene = new Scene(new JobTerms { Stall = null, HasCheckpoints = true }) { Offers = [Scene.Offer("o1", "sim/1", 1m) with { Until = Scene.Start.AddHours(2) }] };
        scene.Reach(AttemptPhase.Running);
        (scene.Listed, scene.ListedTerm) = (InstanceStatus.Running, new RentalTerm(null));
        scene.Tick(60);

        Assert.Empty(scene.Tick(3 * 3600));
    }

    [Fact]
    public void When_all_is_spent_nothing_is_waited_for()
    {
        var scene = new Scene(Terms(2m)).Reach(AttemptPhase.Running);

        scene.Tick(7200);

        Assert.Equal(AttemptPhase.Terminating, scene.Newest.Phase);
    }

    [Fact]
    public void A_job_paused_by_its_budget_resumes_only_with_a_larger_one()
    {
        var scene = new Scene(Terms(2m)).Reach(AttemptPhase.Running);
        scene.Tick(7200);
        scene.Listed = null;
        scene.Tick(1, new DestroyReplied(1, "i1", true));
        Assert.Equal(JobPhase.Paused, scene.State.Phase);

        Assert.Contains("larger budget", Assert.Single(scene.Tick(1, new ResumeCommand("eva", null))).Why, StringComparison.Ordinal);
        scene.Tick(1, new ResumeCommand("eva", Money.FromDollars(5)));

        Assert.Equal((JobPhase.Active, 2), (scene.State.Phase, scene.Newest.Number));
    }

    [Fact]
    public void Nothing_is_launched_that_the_budget_does_not_cover()
    {
        var scene = new Scene(Terms(0.1m));

        scene.Tick(1);

        Assert.Empty(scene.State.Attempts);
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
    }

    [Theory]
    [InlineData(BudgetExhausted.Pause, JobPhase.Paused)]
    [InlineData(BudgetExhausted.Stop, JobPhase.Failed)]
    public void What_is_left_is_not_spent_on_half_of_the_work(BudgetExhausted rule, JobPhase phase)
    {
        var scene = new Scene(Terms(5m, rule)) { Offers = [], BeyondBudget = new BeyondBudget(Scene.Offer("o1", "sim/1", 1m), Money.FromDollars(5.2m)) };

        scene.Tick(1);
        Assert.Equal((JobPhase.Waiting, 0), (scene.State.Phase, scene.State.Attempts.Length));
        Assert.Contains("for less than about $6; to go on now: orchestrator resume 7 --budget 7", scene.State.PhaseReason, StringComparison.Ordinal);

        // For a day prices are given the time to fall.
        scene.Tick(23 * 3600);
        Assert.Equal(JobPhase.Waiting, scene.State.Phase);
        scene.Tick(3600);
        Assert.Equal((phase, 0), (scene.State.Phase, scene.State.Attempts.Length));
    }

    [Fact]
    public void The_day_for_prices_to_fall_begins_when_only_the_budget_is_in_the_way_and_goes_on_as_they_move()
    {
        var scene = new Scene(Terms(5m)) { Offers = [] };
        scene.Tick(1);
        scene.Tick(25 * 3600);
        Assert.Equal("no offer fits: nothing", scene.State.PhaseReason);

        scene.BeyondBudget = new BeyondBudget(Scene.Offer("o1", "sim/1", 1m), Money.FromDollars(5.2m));
        scene.Tick(30);
        Assert.Empty(scene.Tick(30));
        Assert.Equal(JobPhase.Waiting, scene.State.Phase);

        // Other prices are other words, and the same wait.
        scene.BeyondBudget = scene.BeyondBudget with { Total = Money.FromDollars(7.2m) };
        scene.Tick(23 * 3600);
        Assert.Contains("for less than about $8", scene.State.PhaseReason, StringComparison.Ordinal);
        Assert.Equal(JobPhase.Waiting, scene.State.Phase);
        scene.Tick(3600);
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
    }

    [Fact]
    public void Whoever_waited_for_room_with_prices_that_it_could_pay_gets_the_day_anew()
    {
        var dear = new BeyondBudget(Scene.Offer("o1", "sim/1", 1m), Money.FromDollars(5.2m));
        var scene = new Scene(Terms(5m)) { Offers = [], BeyondBudget = dear, Room = new() { Limits = new() { MaxHourly = Money.FromDollars(1) }, Used = new(Money.FromDollars(0.9m), Money.Zero, 1) } };
        scene.Tick(1);
        (scene.BeyondBudget, scene.Offers) = (null, [Scene.Offer("o1", "sim/1", 0.9m)]);
        scene.Tick(30);
        Assert.NotNull(scene.State.RoomWait);

        (scene.BeyondBudget, scene.Offers) = (dear, []);
        scene.Tick(25 * 3600);
        Assert.Equal(JobPhase.Waiting, scene.State.Phase);
        scene.Tick(24 * 3600);
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
    }

    [Fact]
    public void A_job_that_waits_for_cheaper_prices_begins_when_they_come()
    {
        var scene = new Scene(Terms(5m)) { Offers = [], BeyondBudget = new BeyondBudget(Scene.Offer("o1", "sim/1", 1m), Money.FromDollars(5.2m)) };
        scene.Tick(1);

        scene.Offers = [Scene.Offer("o1", "sim/1", 0.9m)];
        scene.Tick(30);

        Assert.Equal(JobPhase.Active, scene.State.Phase);
    }

    [Fact]
    public void What_does_not_pay_for_a_beginning_is_not_waited_with()
    {
        var scene = new Scene(Terms(5m)) { Offers = [], BeyondBudget = new BeyondBudget(Scene.Offer("o1", "sim/1", 100m), Money.FromDollars(500)) };

        scene.Tick(1);

        Assert.Equal(JobPhase.Paused, scene.State.Phase);
        Assert.Contains("--budget 501", scene.State.PhaseReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_rented_for_money_without_a_limit()
    {
        var rented = Scene.Offer("o1", "sim/1", 1m) with { Tier = OfferTier.Marketplace };
        var scene = new Scene(new JobTerms()) { Offers = [rented] };

        scene.Tick(1);

        Assert.Equal((JobPhase.Waiting, 0), (scene.State.Phase, scene.State.Attempts.Length));
        Assert.Contains("resume 7 --budget", scene.State.PhaseReason, StringComparison.Ordinal);
        scene.Tick(1, new ResumeCommand("eva", Money.FromDollars(5)));
        Assert.Equal(JobPhase.Active, scene.State.Phase);
    }

    [Fact]
    public void A_free_host_runs_whatever_the_budget()
    {
        var scene = new Scene(Terms(0m), price: 0).Reach(AttemptPhase.Running);

        Assert.Empty(scene.Tick(100));
    }

    [Fact]
    public void Max_runtime_counts_training_over_all_attempts()
    {
        var scene = new Scene(new JobTerms { MaxRuntime = TimeSpan.FromMinutes(10), Stall = null }).Reach(AttemptPhase.Running);
        scene.Tick(400);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Running);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
        var due = Kernel.NextDue(scene.State, scene.Policies, scene.Now);

        scene.Tick((due - scene.Now).TotalSeconds);

        Assert.Equal((EndReason.MaxRuntime, JobPhase.Failed), (scene.Newest.Reason, scene.State.Verdict?.Phase));
    }

    [Theory]
    [InlineData(DeadlineMiss.Stop, EndReason.DeadlineMissed)]
    [InlineData(DeadlineMiss.Continue, EndReason.None)]
    public void A_missed_deadline_stops_the_job_when_the_spec_says_so(DeadlineMiss rule, EndReason reason)
    {
        var scene = new Scene(new JobTerms { Deadline = Scene.Start.AddMinutes(5), OnDeadlineMiss = rule, Stall = null }).Reach(AttemptPhase.Running);

        scene.Tick(400);

        Assert.Equal(reason, scene.Newest.Reason);
    }

    [Theory]
    [InlineData(AttemptPhase.Booting, 600, EndReason.NeverBooted)]
    [InlineData(AttemptPhase.Connecting, 300, EndReason.NeverConnected)]
    [InlineData(AttemptPhase.Checking, 300, EndReason.CheckFailed)]
    [InlineData(AttemptPhase.Staging, 21600, EndReason.StageFailed)]
    public void Every_phase_has_its_deadline(AttemptPhase phase, int seconds, EndReason reason)
    {
        var scene = new Scene().Reach(phase);
        scene.Listed ??= InstanceStatus.Booting;
        var left = (scene.Newest.PhaseSince.AddSeconds(seconds) - scene.Now).TotalSeconds;

        scene.Tick(left - 1);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
        scene.Tick(1);

        Assert.Equal((reason, 1), (scene.Newest.Reason, scene.State.Interruptions));
    }
}
