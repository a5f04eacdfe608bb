using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>The money of a create call that nobody can settle, while the job goes on elsewhere.</summary>
public sealed class UnsettledLaunchTests
{
    private static readonly string _own = OwnMachines.HostOf("box1");

    [Fact]
    public void What_a_machine_of_ones_own_may_hold_is_told_apart_and_drains_nobody()
    {
        var scene = Trains(_own);

        scene.Tick(TimeSpan.FromHours(12).TotalSeconds);

        Assert.Equal((AttemptPhase.Running, EndReason.None), (scene.Newest.Phase, scene.Newest.Reason));
        Assert.InRange(scene.State.SpentAt(scene.Now).Dollars, 1.2m, 1.8m);
        Assert.InRange(scene.State.Attempts[0].UnsettledAt(scene.Now).Dollars, 12m, 12.8m);
        Assert.Equal((0m, 0.1m), (scene.State.Attempts[0].RateNow().Dollars, scene.Newest.RateNow().Dollars));
        // It is not forgotten either: the job may not end before it is known.
        Assert.True(scene.State.Attempts[0].IsLive());
    }

    [Fact]
    public void What_others_may_have_rented_out_counts_until_it_is_known()
    {
        var scene = Trains("sim/1");
        Assert.Equal(Money.Zero, scene.State.Attempts[0].UnsettledAt(scene.Now));

        scene.Tick((Kernel.NextDue(scene.State, scene.Policies, scene.Now) - scene.Now).TotalSeconds);
        for (var i = 0; i < 12 && !scene.Newest.IsEnding(); i++)
        {
            scene.Tick(3600);
        }

        Assert.Equal(EndReason.BudgetExhausted, scene.Newest.Reason);
    }

    [Fact]
    public void The_next_attempt_is_not_kept_back_by_it_either()
    {
        var scene = GivesUp(_own);
        scene.Offers = [];
        scene.Tick(TimeSpan.FromHours(12).TotalSeconds);

        scene.Offers = [Scene.Offer("o2", "sim/2", 0.1m)];
        scene.Tick(TimeSpan.FromHours(1).TotalSeconds);

        Assert.Equal((2, "sim/2"), (scene.Newest.Number, scene.Newest.Offer.Host));
        Assert.Null(scene.State.Verdict);
    }

    /// <summary>The sum never jumps: a jump would cut off whoever trains.</summary>
    [Fact]
    public void What_turns_up_costs_from_then_on()
    {
        var scene = Trains(_own);
        scene.Tick(TimeSpan.FromHours(12).TotalSeconds);
        var before = scene.State.SpentAt(scene.Now).Dollars;

        scene.Tick(1, new LaunchReplied(1, 1, "i1"));
        Assert.Equal("i1", Assert.Single(scene.Owed.OfType<DestroyInstance>()).InstanceId);
        Assert.InRange(scene.State.SpentAt(scene.Now).Dollars, before, before + 0.01m);
        Assert.Equal((Money.Zero, 1m), (scene.State.Attempts[0].UnsettledAt(scene.Now), scene.State.Attempts[0].RateNow().Dollars));

        scene.Tick(3600);
        scene.Tick(1, new DestroyReplied(1, "i1", true));
        Assert.Equal((AttemptPhase.Ended, AttemptPhase.Running), (scene.State.Attempts[0].Phase, scene.Newest.Phase));
        Assert.InRange(scene.State.Attempts[0].Cost.Dollars, 1m, 1.6m);
    }

    [Fact]
    public void What_is_proven_to_hold_nothing_has_cost_nothing()
    {
        var scene = Trains(_own);
        scene.Tick(TimeSpan.FromHours(12).TotalSeconds);

        scene.Unlisted = null;
        for (var i = 0; i < 5 && scene.State.Attempts[0].IsLive(); i++)
        {
            scene.Tick(60);
        }

        Assert.Equal((AttemptPhase.Ended, Money.Zero, Money.Zero), (scene.State.Attempts[0].Phase, scene.State.Attempts[0].Cost, scene.State.Attempts[0].UnsettledAt(scene.Now)));
    }

    /// <summary>The first attempt is given up in the middle of its create call.</summary>
    private static Scene GivesUp(string host)
    {
        var scene = new Scene(new JobTerms { MaxTotal = Money.FromDollars(10), Stall = null, HasCheckpoints = true }) { Offers = [Scene.Offer("o1", host, 1m)], Unlisted = 1 };
        scene.Reach(AttemptPhase.Launching);
        for (var i = 0; i < 100 && !scene.Newest.IsEnding(); i++)
        {
            scene.Tick(60);
        }

        return scene;
    }

    /// <summary>The second one trains, at a tenth of the price.</summary>
    private static Scene Trains(string host)
    {
        var scene = GivesUp(host);
        scene.Offers = [Scene.Offer("o2", "sim/2", 0.1m)];
        for (var i = 0; i < 100 && scene.State.Attempts.Length < 2; i++)
        {
            scene.Tick(60);
        }

        return scene.Reach(AttemptPhase.Running);
    }
}
