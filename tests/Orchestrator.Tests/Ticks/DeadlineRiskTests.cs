using Orchestrator.Attempts;
using Orchestrator.Engine.Ticks;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Planning;
using Orchestrator.Tests.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Ticks;

/// <summary>Ten hours of work on an RTX 4090, some of it where an RTX 3090 is not fast enough.</summary>
public sealed class DeadlineRiskTests
{
    private static readonly Offer _slow = Market.Offer("slow", 0.2, "RTX 3090");
    private static readonly Offer _fast = Market.Offer("fast", 0.5);

    [Fact]
    public void A_deadline_that_the_net_keeps_is_nothing_to_tell()
    {
        Assert.Null(Risk(Waiting(hours: 30), _slow, _fast));
        Assert.Null(Risk(Waiting(hours: 14), _slow, _fast));
        Assert.Null(DeadlineRisk.Of(new Scene().State, Plan(new Scene(), null), new Policies(), Scene.Start));
    }

    [Fact]
    public void A_deadline_that_the_fastest_way_misses_is_told()
    {
        var risk = Risk(Waiting(hours: 5), _slow, _fast);

        Assert.StartsWith("job#7 will probably miss its deadline 2026-11-20 17:00 UTC by about 5", risk, StringComparison.Ordinal);
        Assert.EndsWith(": no offer that is known would make it; more would (resources, providers)", risk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ride_that_is_too_slow_is_told_with_the_price_of_saving_it_where_the_budget_keeps_it_from_moving()
    {
        Assert.Null(Risk(Running(14, CapacityType.Interruptible, budget: null), _fast));

        var risk = Risk(Running(14, CapacityType.Interruptible, budget: 3), _fast);

        Assert.StartsWith("job#7 will probably miss its deadline 2026-11-21 02:00 UTC by about ", risk, StringComparison.Ordinal);
        Assert.Contains(": vast/fast, which nobody takes away, would make it for about $", risk, StringComparison.Ordinal);
        Assert.Matches(@" from now on, where the present plan costs about \$[0-9.]+, and \$[0-9.]+ is left of its budget: orchestrator resume 7 --budget [0-9]+$", risk);
    }

    [Fact]
    public void A_job_of_a_shared_budget_is_saved_by_its_batch()
    {
        var scene = Running(14, CapacityType.Interruptible, budget: 3);
        var state = scene.State with { Terms = scene.State.Terms with { Batch = new("sweep", SharesBudget: true, null) } };

        Assert.EndsWith(
            " is left of what it holds of the budget of sweep: orchestrator batch sweep --budget AMOUNT",
            DeadlineRisk.Of(state, Plan(scene, new RunningHost(_slow, TimeSpan.FromMinutes(10)), _fast), scene.Policies, scene.Now), StringComparison.Ordinal);
    }

    [Fact]
    public void Capacity_that_stays_and_is_too_slow_is_told_since_nothing_moves_the_job_by_itself()
    {
        var risk = Risk(Running(14, CapacityType.OnDemand, budget: null), _fast);

        Assert.Contains(" by about ", risk, StringComparison.Ordinal);
        Assert.Matches(@"vast/fast, which nobody takes away, would make it for about \$[0-9.]+ from now on, where the present plan costs about \$[0-9.]+$", risk);
    }

    [Fact]
    public void From_the_latest_start_on_a_budget_that_is_too_small_for_what_is_sure_is_told()
    {
        Assert.Null(Risk(Waiting(hours: 40, budget: 2), _fast));
        Assert.Contains("may miss its deadline 2026-11-20 23:00 UTC: vast/fast, which nobody takes away, would make it for about $", Risk(Waiting(hours: 11, budget: 2), _fast), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deadline_that_has_passed_is_told_until_the_job_ends()
    {
        var scene = Waiting(hours: 5);

        Assert.Equal("job#7 has missed its deadline 2026-11-20 17:00 UTC", DeadlineRisk.Of(scene.State, Plan(scene, null, _fast), scene.Policies, Scene.Start.AddHours(5)));
    }

    private static Scene Waiting(double hours, decimal? budget = null) => new(Terms(hours, budget));

    private static Scene Running(double hours, CapacityType capacity, decimal? budget)
    {
        var scene = new Scene(Terms(hours, budget));
        scene.Offers = [.. scene.Offers.Select(offer => offer with { Capacity = capacity })];
        return scene.Reach(AttemptPhase.Running);
    }

    private static JobTerms Terms(double hours, decimal? budget) =>
        new() { Deadline = Scene.Start.AddHours(hours), MaxTotal = budget is { } most ? Money.FromDollars(most) : null };

    private static string? Risk(Scene scene, params Offer[] offers) =>
        DeadlineRisk.Of(scene.State, Plan(scene, scene.State.Current() is null ? null : new RunningHost(_slow, TimeSpan.FromMinutes(10)), offers), scene.Policies, scene.Now);

    private static Plan Plan(Scene scene, RunningHost? running, params Offer[] offers) =>
        Market.Plan(Market.Request(10) with { Now = scene.Now, Deadline = scene.State.Terms.Deadline, Running = running }, offers);
}
