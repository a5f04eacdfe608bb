using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>A job that runs at a dollar an hour, and a host where the rest of it costs half.</summary>
public sealed class MovingTests
{
    private static readonly Offer _cheap = Scene.Offer("cheap", "sim/cheap", 0.5m);
    private static readonly JobTerms _terms = new() { HasCheckpoints = true, Stall = null };

    private static MoveView Saving(decimal staying, decimal moving) => new(_cheap, Money.FromDollars(staying), Money.FromDollars(moving));

    private static Scene Running(JobTerms? terms = null)
    {
        var scene = new Scene(terms ?? _terms).Reach(AttemptPhase.Running);
        scene.Offers = [_cheap, .. scene.Offers];
        scene.Move = Saving(10, 5);
        return scene;
    }

    /// <summary>So long after training began.</summary>
    private static void TickAt(Scene scene, double hours) => scene.Tick((scene.Newest.TrainingStartedAt!.Value.AddHours(hours) - scene.Now).TotalSeconds);

    [Fact]
    public void A_job_moves_to_where_the_rest_costs_less_and_that_is_no_interruption()
    {
        var scene = Running();
        Assert.Equal(scene.Newest.TrainingStartedAt!.Value.AddMinutes(70), Kernel.NextDue(scene.State, scene.Policies, scene.Now));
        TickAt(scene, 1.2);

        Assert.Equal((EndReason.CheaperElsewhere, AttemptPhase.Draining), (scene.Newest.Reason, scene.Newest.Phase));
        Assert.Contains("sim/cheap at $0.50/h", scene.Newest.Why, StringComparison.Ordinal);

        scene.LoseInstance();
        scene.Tick(1);
        Assert.Equal((2, "cheap", 0), (scene.State.Attempts.Length, scene.Newest.Offer.OfferId, scene.State.Interruptions));
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(1.17, true)]
    [InlineData(1.3, true)]
    [InlineData(1.35, false)]
    [InlineData(7.2, true)]
    public void It_is_looked_at_once_an_hour_of_training(double hours, bool looks)
    {
        var scene = Running();
        Assert.Equal(looks, Kernel.WantsOffers(scene.State, scene.Policies, scene.Newest.TrainingStartedAt!.Value.AddHours(hours)));
        TickAt(scene, hours);
        Assert.Equal(looks, scene.Newest.IsEnding());
    }

    [Fact]
    public void What_saves_less_than_a_twentieth_and_a_start_is_left()
    {
        var scene = Running();
        scene.Move = Saving(10, 9.51m);
        TickAt(scene, 1.2);
        Assert.False(scene.Newest.IsEnding());

        // The start took seconds here.
        scene.Move = Saving(10, 9.48m);
        TickAt(scene, 2.2);
        Assert.True(scene.Newest.IsEnding());
    }

    [Fact]
    public void Who_has_no_checkpoints_or_too_little_money_stays()
    {
        var without = Running(_terms with { HasCheckpoints = false });
        TickAt(without, 1.2);
        Assert.False(without.Newest.IsEnding());

        var poor = Running(_terms with { MaxTotal = Money.FromDollars(1.45m) });
        poor.Move = new MoveView(Scene.Offer("nearly", "sim/nearly", 0.9m), Money.FromDollars(10), Money.FromDollars(5));
        TickAt(poor, 1.2);
        Assert.False(poor.Newest.IsEnding());
    }

    [Fact]
    public void Near_its_deadline_a_job_stays()
    {
        var scene = Running(_terms with { Deadline = Scene.Start.AddHours(20) });
        TickAt(scene, 1.2);
        Assert.False(scene.Newest.IsEnding());
    }
}
