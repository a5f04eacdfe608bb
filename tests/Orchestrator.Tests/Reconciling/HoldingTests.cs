using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class HoldingTests
{
    private static readonly HostKeep _half = new(TimeSpan.FromMinutes(30), null);

    [Fact]
    public void The_host_of_a_failed_job_stays_until_its_time_is_over_then_it_is_wiped_and_destroyed()
    {
        var scene = Failed(_half);

        var held = Assert.IsType<HostHeld>(Drained(scene).Single(e => e is HostHeld));
        Assert.Equal(scene.Now.AddMinutes(30), held.Until);
        Assert.Contains("orchestrator ssh 7; sooner done: orchestrator cancel 7", held.Why, StringComparison.Ordinal);
        Assert.Equal((AttemptPhase.Draining, JobPhase.Active), (scene.Newest.Phase, scene.State.Phase));
        Assert.Empty(scene.Owed);
        Assert.Equal(held.Until, Kernel.NextDue(scene.State, scene.Policies, scene.Now));

        Assert.Empty(scene.Tick(1799));
        scene.Tick(1);

        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
        Ended(scene);
        Assert.Equal((JobPhase.Failed, 1), (scene.State.Phase, scene.State.Attempts.Length));
    }

    [Fact]
    public void Whoever_is_done_lets_go_of_it_and_the_job_has_failed_all_the_same()
    {
        var scene = Failed(_half);
        Drained(scene);

        var events = scene.Tick(60, new CancelCommand("eva"));

        Assert.Equal("eva is done with the host", Assert.IsType<PhaseEntered>(Assert.Single(events)).Why);
        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
        Ended(scene);
        Assert.Equal(JobPhase.Failed, scene.State.Phase);
    }

    [Theory]
    [InlineData(10, 6)] // $1/h: ten cents are six minutes, two of which may go by until it is wiped.
    [InlineData(50, 30)]
    [InlineData(500, 32)]
    public void It_never_costs_more_than_its_most_the_wiping_included(int cents, int minutes)
    {
        var scene = Failed(_half with { MaxCost = Money.FromDollars(cents / 100m) });
        Drained(scene);
        var (since, before) = (scene.Now, scene.State.SpentAt(scene.Now));

        scene.Tick((Kernel.NextDue(scene.State, scene.Policies, scene.Now) - scene.Now).TotalSeconds);

        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
        Assert.InRange((scene.Now - since).TotalMinutes, minutes - 2.1, minutes - 1.9);
        Assert.True(scene.State.SpentAt(scene.Now + scene.Policies.Clean) - before <= Money.FromDollars(cents / 100m) + new Money(1000));
    }

    [Fact]
    public void What_is_too_little_to_look_at_anything_is_not_begun()
    {
        var scene = Failed(_half with { MaxCost = Money.FromDollars(0.03m) });

        var events = Drained(scene);

        Assert.DoesNotContain(events, e => e is HostHeld);
        Assert.Contains(events, e => e is ProblemNoted { Why: var why } && why.Contains("not kept", StringComparison.Ordinal));
        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
    }

    [Fact]
    public void It_ends_before_the_budget_does()
    {
        var scene = Failed(new HostKeep(TimeSpan.FromHours(24), null), Money.FromDollars(2));
        Drained(scene);

        for (var ticks = 0; scene.Newest.Phase == AttemptPhase.Draining && ticks < 10; ticks++)
        {
            scene.Tick((Kernel.NextDue(scene.State, scene.Policies, scene.Now) - scene.Now).TotalSeconds);
        }

        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
        Assert.InRange(scene.State.SpentAt(scene.Now).Dollars, 1.7m, 2m);
    }

    [Fact]
    public void It_ends_before_the_rental_does_also_where_that_is_told_only_then()
    {
        var scene = Failed(_half);
        Drained(scene);
        var ends = scene.Now.AddMinutes(10);
        scene.ListedTerm = new RentalTerm(ends);

        scene.Tick(1);
        Assert.Equal(ends - scene.Policies.Clean, Kernel.NextDue(scene.State, scene.Policies, scene.Now));
        scene.Tick(480);

        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
    }

    [Fact]
    public void A_host_that_is_lost_while_it_is_kept_is_destroyed_like_any_other()
    {
        var scene = Failed(_half);
        Drained(scene);
        (scene.AgentTalks, scene.Listed) = (false, null);

        scene.Tick(60);
        scene.Tick(60);

        Assert.Equal(AttemptPhase.Terminating, scene.Newest.Phase);
        Assert.Contains(scene.Owed, e => e is DestroyInstance);
    }

    [Fact]
    public void Nothing_is_kept_of_what_is_tried_again_succeeds_or_is_ended_by_a_person()
    {
        var again = Failed(_half, restarts: 1);
        Assert.DoesNotContain(Drained(again), e => e is HostHeld);

        var cancelled = Training(_half);
        cancelled.Tick(1, new CancelCommand("eva"));
        Assert.DoesNotContain(Drained(cancelled), e => e is HostHeld);

        var done = Training(_half);
        done.Exit(0);
        Assert.DoesNotContain(Drained(done), e => e is HostHeld);

        Assert.DoesNotContain(Drained(Failed(null)), e => e is HostHeld);
    }

    [Fact]
    public void A_host_that_says_again_that_it_is_drained_changes_nothing()
    {
        var scene = Failed(_half);
        Drained(scene);
        var held = scene.Newest.Held;

        Drained(scene);

        Assert.Equal((held, AttemptPhase.Draining), (scene.Newest.Held, scene.Newest.Phase));
    }

    private static Scene Training(HostKeep? keep, Money? budget = null, int restarts = 0)
    {
        var scene = new Scene(new JobTerms { Stall = null, KeepHost = keep, MaxTotal = budget, Restarts = restarts, DrainGrace = TimeSpan.FromSeconds(10) });
        if (budget is null)
        {
            scene.Offers = [Scene.Offer("o1", "sim/1", 1m)];
            scene.Apply(new BudgetChanged(Money.FromDollars(100)) { At = scene.Now, Why = "enough" });
        }

        return scene.Reach(AttemptPhase.Running);
    }

    private static Scene Failed(HostKeep? keep, Money? budget = null, int restarts = 0)
    {
        var scene = Training(keep, budget, restarts);
        scene.Exit(1);
        return scene;
    }

    private static System.Collections.Immutable.ImmutableArray<JobEvent> Drained(Scene scene) =>
        scene.Say(s => new DrainDone(true, true, DrainDone.AllStored) { Seq = s, At = scene.Now });

    private static void Ended(Scene scene)
    {
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        Assert.Contains(scene.Owed, e => e is DestroyInstance);
        scene.Tick(1, new DestroyReplied(1, "i1", true));
    }
}
