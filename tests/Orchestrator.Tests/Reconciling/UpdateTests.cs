using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class UpdateTests
{
    [Fact]
    public void Other_terms_hold_from_the_tick_on_and_say_who_set_them()
    {
        var scene = Running();
        var deadline = scene.Now.AddHours(9);

        var events = scene.Tick(1, new UpdateCommand("eva", Money.FromDollars(40), Money.FromDollars(0.9m), deadline));

        Assert.Equal((Money.FromDollars(40), Money.FromDollars(0.9m), deadline), (scene.State.Terms.MaxTotal, scene.State.Terms.MaxHourly, scene.State.Terms.Deadline));
        Assert.Equal("eva set the budget to $40.00", Assert.Single(events.OfType<BudgetChanged>()).Why);
        Assert.StartsWith("eva set max-hourly to $0.90/h and the deadline to 2026-11-20", Assert.Single(events.OfType<TermsChanged>()).Why, StringComparison.Ordinal);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
    }

    [Fact]
    public void What_is_not_named_and_what_is_the_same_does_not_change()
    {
        var scene = Running();

        Assert.Empty(scene.Tick(1, new UpdateCommand("eva", Money.FromDollars(20), null, null)));
        scene.Tick(1, new UpdateCommand("eva", null, Money.FromDollars(7), null));

        Assert.Equal((Money.FromDollars(20), Money.FromDollars(7)), (scene.State.Terms.MaxTotal, scene.State.Terms.MaxHourly));
        Assert.Null(scene.State.Terms.Deadline);
    }

    [Theory]
    [InlineData(1, 9, "the least is")]
    [InlineData(40, -1, "the deadline has passed")]
    public void What_cannot_be_changes_nothing_at_all(double dollars, int hours, string words)
    {
        var scene = Running();
        scene.Tick(1800);

        var events = scene.Tick(1, new UpdateCommand("eva", Money.FromDollars((decimal)dollars), Money.FromDollars(3), scene.Now.AddHours(hours)));

        Assert.Contains(words, Assert.IsType<ProblemNoted>(Assert.Single(events)).Why, StringComparison.Ordinal);
        Assert.Equal((Money.FromDollars(20), null, null), (scene.State.Terms.MaxTotal, scene.State.Terms.MaxHourly, scene.State.Terms.Deadline));
    }

    [Fact]
    public void A_paused_job_stays_paused()
    {
        var scene = Running();
        scene.Tick(1, new PauseCommand("eva"));

        scene.Tick(1, new UpdateCommand("eva", Money.FromDollars(40), null, null));

        Assert.Equal(Money.FromDollars(40), scene.State.Terms.MaxTotal);
        Assert.Equal(JobPhase.Paused, scene.State.Verdict?.Phase);
    }

    [Fact]
    public void What_the_budget_has_paused_goes_on_with_a_larger_one_and_with_no_other_change()
    {
        var scene = Running();
        scene.Apply(new VerdictReached(JobPhase.Paused) { At = scene.Now, Why = "the budget is spent", OfBudget = true });

        scene.Tick(1, new UpdateCommand("eva", Money.FromDollars(19), Money.FromDollars(9), null));
        Assert.Equal(JobPhase.Paused, scene.State.Verdict?.Phase);

        var events = scene.Tick(1, new UpdateCommand("eva", Money.FromDollars(40), null, null));
        Assert.Equal("resumed by the budget that eva set", Assert.Single(events.OfType<JobResumed>()).Why);
        Assert.Null(scene.State.Verdict);
    }

    [Fact]
    public void A_budget_that_is_spent_pauses_as_the_budgets_doing()
    {
        var scene = Running();
        scene.Tick(4 * 3600);

        Assert.Equal((JobPhase.Paused, true), (scene.State.Verdict!.Phase, scene.State.Verdict.OfBudget));
    }

    [Fact]
    public void A_priority_is_a_term_and_a_refusal_names_the_row_that_asked()
    {
        var scene = Running();

        scene.Tick(1, new UpdateCommand("eva", null, null, null) { Priority = 10 });
        Assert.Equal(10, scene.State.Terms.Priority);

        var refused = scene.Tick(1, new UpdateCommand("eva", null, null, scene.Now.AddDays(-1)) { Priority = 20, Id = 77 });
        Assert.Equal(77, Assert.IsType<ProblemNoted>(Assert.Single(refused)).Answers);
        Assert.Equal(10, scene.State.Terms.Priority);
    }

    [Fact]
    public void What_was_known_of_the_former_deadline_is_forgotten_and_the_new_one_is_looked_at_at_once()
    {
        var scene = new Scene(new JobTerms { MaxTotal = Money.FromDollars(20), Stall = null }) { Offers = [Scene.Offer("o1", "sim/1", 1m) with { Capacity = CapacityType.Interruptible }] }.Reach(AttemptPhase.Running);
        scene.Apply(new NetMoved(scene.Now.AddHours(1), scene.Now.AddHours(1), null) { At = scene.Now, Why = "a look" });

        scene.Apply(new TermsChanged(Money.FromDollars(2), null) { At = scene.Now, Why = "eva" });
        Assert.NotNull(scene.State.Net);
        scene.Apply(new TermsChanged(null, scene.Now.AddHours(3)) { At = scene.Now, Why = "eva" });
        Assert.Equal(new DeadlineNet(null, scene.Now, null), scene.State.Net);
        Assert.True(Kernel.WantsOffers(scene.State, scene.Policies, scene.Now));
    }

    private static Scene Running() => new Scene(new JobTerms { MaxTotal = Money.FromDollars(20), Stall = null }, price: 6m).Reach(AttemptPhase.Running);
}
