using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Reports;

public sealed class ReportAdviceTests
{
    [Fact]
    public void A_quiet_weekend_needs_no_change() => Assert.Empty(Advice(Weekend.Facts with { Jobs = [Weekend.Job(1, JobPhase.Succeeded, "", Weekend.Trained(1, 1, 9))], Instances = [Weekend.Instance(1, 1, 1, 9, 2)] }));

    [Fact]
    public void A_budget_that_is_spent_is_raised_where_it_is_kept()
    {
        var own = Weekend.Job(1, JobPhase.Paused, "the budget is spent: $5.00 of $5.00");
        var shared = own with { State = own.State with { Id = new(2), Terms = own.State.Terms with { Batch = new BatchTerms("sweep", true, null) } }, Batch = new BatchPart(9, "sweep", 1, null, Money.FromDollars(60)) };

        Assert.Equal<string>(
            ["the budget of job-1#1 is spent: orchestrator resume 1 --budget AMOUNT", "the shared budget of sweep is spent: orchestrator batch sweep --budget AMOUNT, then orchestrator batch sweep --resume"],
            Advice(Weekend.Facts with { Jobs = [own, shared, shared with { State = shared.State with { Id = new(3) } }] }));
    }

    [Fact]
    public void What_a_person_paused_is_nobodys_advice_and_what_waits_for_one_is()
    {
        Assert.Empty(Advice(Weekend.Facts with { Jobs = [Weekend.Job(1, JobPhase.Paused, "paused by ada")] }));
        Assert.Equal("job-1#1 is paused (five hosts in vain): orchestrator resume 1", Assert.Single(Advice(Weekend.Facts with { Jobs = [Weekend.Job(1, JobPhase.Paused, "five hosts in vain")] })));
    }

    [Fact]
    public void A_rhythm_that_is_too_slow_for_the_interruptions_is_told_with_a_better_one()
    {
        var job = Weekend.Job(1, JobPhase.Succeeded, "", Weekend.Trained(1, 1, 5, EndReason.InstanceGone), Weekend.Trained(2, 6, 10)) with { Saved = ImmutableDictionary<int, SavedFact>.Empty.Add(1, new(4, Weekend.Friday.AddHours(4.25))).Add(2, new(4, Weekend.Friday.AddHours(10))) };

        Assert.Equal(
            "job-1#1 lost 45m00s of training in 1 interruption, at a checkpoint every 1h00m: one every 30m00s loses about half of that (the trainer's own rhythm, or checkpoints.every)",
            Assert.Single(Advice(Weekend.Facts with { Jobs = [job] })));
        Assert.Contains("never stored a checkpoint", Assert.Single(Advice(Weekend.Facts with { Jobs = [job with { Saved = ImmutableDictionary<int, SavedFact>.Empty }] })), StringComparison.Ordinal);
        // Where the plan decides the rhythm it has weighed that already.
        var planned = job.State.Attempts.SetItem(0, job.State.Attempts[0] with { Rhythm = new(TimeSpan.FromHours(1), TimeSpan.FromSeconds(4), TimeSpan.FromHours(9)) });
        Assert.Empty(Advice(Weekend.Facts with { Jobs = [job with { State = job.State with { Attempts = planned } }] }));
    }

    [Fact]
    public void A_provider_whose_hosts_do_not_come_up_a_batch_without_a_canary_and_a_long_wait_are_told()
    {
        var batch = new BatchPart(9, "sweep", 1, null, null);
        var facts = Weekend.Facts with
        {
            Instances = [Weekend.Instance(1, 1, 1, 2, 0.1m, neverBooted: true), Weekend.Instance(1, 2, 2, 3, 0.2m, neverBooted: true), Weekend.Instance(1, 3, 3, 9, 2)],
            Jobs = [.. Enumerable.Range(1, 3).Select(id => Weekend.Job(id, JobPhase.Failed, "exit 1") with { Batch = batch }), Weekend.Job(4, JobPhase.Waiting, "no offer")],
            Batches = [new(9, "sweep", null, 0)],
        };

        Assert.Equal<string>(
            [
                "3 of 3 jobs of sweep failed: strategy.canary: 1 lets one prove itself before the others are paid for",
                "job-4#4 has found no host for 2d14h: other cards (resources.gpu), providers or prices; orchestrator show 4 counts what speaks against each offer",
                "2 of 3 hosts at vast never came up, for $0.30: reliability.min-score asks for better ones, providers leaves vast out",
            ],
            Advice(facts));
    }

    [Fact]
    public void What_leaks_comes_first_and_nobody_gets_more_than_five()
    {
        var facts = Weekend.Facts with { Jobs = [.. Enumerable.Range(1, 9).Select(id => Weekend.Job(id, JobPhase.Paused, "five hosts in vain"))], Places = [new("vast", Weekend.Monday, 0, 1, 1)] };

        var advice = Advice(facts);

        Assert.Equal(5, advice.Length);
        Assert.StartsWith("2 instances are to be gone and not confirmed", advice[0], StringComparison.Ordinal);
    }

    private static ImmutableArray<string> Advice(ReportFacts facts) => Report.Of(facts).Advice;
}
