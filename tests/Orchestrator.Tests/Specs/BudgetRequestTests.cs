using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Measuring;
using Orchestrator.Planning.Memory;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Planning;
using Orchestrator.Tests.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Specs;

/// <summary>A tick plans with the money that is left, as `plan` and `simulate` do.</summary>
public sealed class BudgetRequestTests
{
    private static readonly StoredSpec _stored = new() { Spec = SpecCase.Spec(SpecCase.Read("run: x\nresources: {gpu: RTX 4090}\ncheckpoints: none\nestimate: 10h\nbudget: {max-total: 8}\n")) };

    [Fact]
    public void A_tick_plans_with_what_is_left_of_the_budget()
    {
        var scene = new Scene(new JobTerms { MaxTotal = Money.FromDollars(8), Stall = null }, price: 2m).Reach(Orchestrator.Attempts.AttemptPhase.Running);
        scene.Tick(3600);

        var request = PlanRequests.Of(_stored, scene.State, WorkKnown.Nothing, scene.Now);

        Assert.Equal(Money.FromDollars(8) - scene.State.SpentAt(scene.Now), request.BudgetLeft);
        Assert.True(request.HasLimit);
    }

    [Fact]
    public void What_only_the_budget_forbids_reaches_the_kernel_with_its_price()
    {
        var request = PlanRequests.Of(_stored, new Scene(new JobTerms { MaxTotal = Money.FromDollars(8) }).State, WorkKnown.Nothing, Market.Now);
        var view = Planner.Plan(request, [Market.Offer("a", 1) with { Tier = OfferTier.Datacenter }], complete: true, MarketMemory.Empty).ToView();

        Assert.Empty(view.Ranked);
        Assert.Contains("1 over the budget", view.Rejected, StringComparison.Ordinal);
        Assert.Equal("a", view.BeyondBudget?.Offer.Id);
        Assert.True(view.BeyondBudget!.Total > Money.FromDollars(8));
    }

    [Fact]
    public void A_job_without_a_limit_plans_without_rented_hosts_until_it_is_given_one()
    {
        var scene = new Scene(new JobTerms());
        Assert.False(PlanRequests.Of(_stored, scene.State, WorkKnown.Nothing, scene.Now).HasLimit);

        scene.Tick(1, new ResumeCommand("eva", Money.FromDollars(5)));

        Assert.Equal((true, Money.FromDollars(5)), (PlanRequests.Of(_stored, scene.State, WorkKnown.Nothing, scene.Now).HasLimit, PlanRequests.Of(_stored, scene.State, WorkKnown.Nothing, scene.Now).BudgetLeft));
    }
}
