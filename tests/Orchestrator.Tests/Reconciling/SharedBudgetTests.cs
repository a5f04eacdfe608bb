using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class SharedBudgetTests
{
    private static readonly JobTerms _terms = new() { Stall = null, HasCheckpoints = true, MaxTotal = Money.Zero, Batch = new BatchTerms("sweep", true, null) };

    [Fact]
    public void It_takes_what_it_is_expected_to_need_and_leaves_the_rest_to_others()
    {
        var scene = new Scene(_terms) { Batch = Free(60), Expected = Money.FromDollars(2) };

        scene.Tick(1);

        Assert.Equal((AttemptPhase.Launching, Money.FromDollars(2)), (scene.Newest.Phase, scene.State.Terms.MaxTotal));
        Assert.Empty(scene.Tick(1));
    }

    [Fact]
    public void Its_own_bound_holds_within_the_shared_one()
    {
        var scene = new Scene(_terms with { Batch = new BatchTerms("sweep", true, Money.FromDollars(1.5m)) }) { Batch = Free(60), Expected = Money.FromDollars(2) };

        scene.Tick(1);

        Assert.Equal(Money.FromDollars(1.5m), scene.State.Terms.MaxTotal);
    }

    [Fact]
    public void What_runs_takes_more_before_it_would_have_to_leave()
    {
        var scene = new Scene(_terms) { Batch = Free(60), Expected = Money.FromDollars(1) };
        scene.Reach(AttemptPhase.Running);
        var held = scene.State.Terms.MaxTotal!.Value;

        while (scene.State.Terms.MaxTotal == held)
        {
            Assert.Equal(AttemptPhase.Running, scene.Newest.Phase);
            scene.Tick(30);
        }

        Assert.Equal((AttemptPhase.Running, EndReason.None), (scene.Newest.Phase, scene.Newest.Reason));
        Assert.InRange(scene.State.Terms.MaxTotal!.Value.Dollars, 1.2m, 1.8m);
    }

    [Fact]
    public void Where_others_hold_the_rest_it_waits_for_what_they_give_back()
    {
        var scene = new Scene(_terms) { Batch = Free(0) with { OthersHold = true }, Expected = Money.FromDollars(2) };

        scene.Tick(1);
        Assert.Equal((JobPhase.Waiting, new BatchWait(BatchHoldKind.Budget)), (scene.State.Phase, scene.State.BatchWait));
        Assert.Empty(scene.Tick(60));

        scene.Batch = Free(5);
        scene.Tick(1);
        Assert.Equal((AttemptPhase.Launching, null), (scene.Newest.Phase, scene.State.BatchWait));
    }

    [Fact]
    public void Where_nobody_holds_any_it_is_paused_and_says_what_to_do()
    {
        var scene = new Scene(_terms) { Batch = Free(0) with { Budget = Money.FromDollars(60) }, Expected = Money.FromDollars(2) };

        scene.Tick(1);

        Assert.Equal(JobPhase.Paused, scene.State.Phase);
        Assert.Contains("; to go on: orchestrator batch sweep --budget 60.", scene.State.PhaseReason, StringComparison.Ordinal);

        scene.Batch = Free(5);
        scene.Tick(1, new ResumeCommand("eva", Money.FromDollars(9)));
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
        scene.Tick(1, new ResumeCommand("eva", null));
        Assert.Equal(AttemptPhase.Launching, scene.Newest.Phase);
    }

    [Fact]
    public void It_waits_for_its_turn_in_words_that_do_not_change()
    {
        var scene = new Scene(_terms) { Batch = Free(60) with { Hold = BatchHoldKind.Slot, MaxParallel = 8 } };

        scene.Tick(1);
        Assert.Equal((JobPhase.Waiting, "it is not its turn yet: batch sweep runs 8 at one time"), (scene.State.Phase, scene.State.PhaseReason));
        Assert.Empty(scene.Tick(600));

        scene.Batch = Free(60) with { Hold = BatchHoldKind.Canary };
        scene.Tick(1);
        Assert.Contains("has not shown yet that it works", scene.State.PhaseReason, StringComparison.Ordinal);

        scene.Batch = Free(60);
        scene.Tick(1);
        Assert.Equal((AttemptPhase.Launching, null), (scene.Newest.Phase, scene.State.BatchWait));
    }

    private static BatchView Free(decimal most) => new() { Most = Money.FromDollars(most), Budget = Money.FromDollars(60) };
}
