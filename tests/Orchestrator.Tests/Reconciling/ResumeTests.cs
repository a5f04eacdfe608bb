using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>$6 an hour: boot (10 min) costs $1, the reserve at most a tenth of the budget.</summary>
public sealed class ResumeTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(4.3, false)]
    [InlineData(4.6, true)]
    [InlineData(20, true)]
    public void A_paused_job_goes_on_only_with_a_budget_that_reaches_further(double dollars, bool goesOn)
    {
        var scene = Paused();
        Assert.InRange(scene.State.SpentAt(scene.Now).Dollars, 3m, 3.1m);

        var events = scene.Tick(1, new ResumeCommand("eva", Money.FromDollars((decimal)dollars)));

        Assert.Equal(goesOn, events.OfType<JobResumed>().Any());
        Assert.Equal(goesOn ? 2 : 1, scene.State.Attempts.Length);
        Assert.Equal(goesOn ? Money.FromDollars((decimal)dollars) : Money.FromDollars(20), scene.State.Terms.MaxTotal);
    }

    [Fact]
    public void The_least_budget_is_the_least()
    {
        var scene = Paused();
        var least = Kernel.LeastBudget(scene.State, scene.Policies, scene.Now.AddSeconds(1));

        Assert.DoesNotContain(scene.Tick(1, new ResumeCommand("eva", least - new Money(1))), e => e is JobResumed);
        Assert.Contains(scene.Tick(1, new ResumeCommand("eva", least)), e => e is AttemptPlanned);
    }

    [Fact]
    public void A_running_job_keeps_its_budget_when_the_new_one_is_spent_already()
    {
        var scene = new Scene(new JobTerms { MaxTotal = Money.FromDollars(20), Stall = null }, price: 6m).Reach(AttemptPhase.Running);
        scene.Tick(1800);

        var refused = scene.Tick(1, new ResumeCommand("eva", Money.FromDollars(3)));
        Assert.Contains("the least", Assert.IsType<ProblemNoted>(Assert.Single(refused)).Why, StringComparison.Ordinal);
        scene.Tick(1, new ResumeCommand("eva", Money.FromDollars(4)));

        Assert.Equal(Money.FromDollars(4), scene.State.Terms.MaxTotal);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
    }

    private static Scene Paused()
    {
        var scene = new Scene(new JobTerms { MaxTotal = Money.FromDollars(20), Stall = null }, price: 6m).Reach(AttemptPhase.Running);
        scene.Tick(1800);
        scene.Tick(1, new PauseCommand("eva"));
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now }, s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        scene.Tick(1, new DestroyReplied(1, "i1", true));
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
        return scene;
    }
}
