using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>A job that runs at a dollar an hour, and a host where the rest of it costs half.</summary>
public sealed class MovingTests
{
    private static readonly Offer _cheap = Scene.Offer("cheap", "sim/cheap", 0.5m);
    private static readonly Offer _fair = Scene.Offer("fair", "sim/fair", 0.6m);
    private static readonly JobTerms _terms = new() { HasCheckpoints = true, Stall = null };

    private static MoveView Saving(decimal staying, decimal moving) => new(Money.FromDollars(staying), [new MoveTarget(_cheap, Money.FromDollars(moving))]);

    private static Scene Running(JobTerms? terms = null)
    {
        var scene = new Scene(terms ?? _terms).Reach(AttemptPhase.Running);
        scene.Offers = [_cheap, _fair, .. scene.Offers];
        scene.Move = Saving(10, 5);
        return scene;
    }

    /// <summary>So long after training began.</summary>
    private static void TickAt(Scene scene, double hours) => scene.Tick((scene.Newest.TrainingStartedAt!.Value.AddHours(hours) - scene.Now).TotalSeconds);

    /// <summary>The same, a while after a checkpoint.</summary>
    private static void SaveAndTickAt(Scene scene, double hours, double since = 0.3)
    {
        TickAt(scene, hours - since);
        scene.Checkpoint(scene.Newest.LastOrdinal + 1, scene.State.Seq);
        TickAt(scene, hours);
    }

    [Fact]
    public void A_job_moves_to_where_the_rest_costs_less_and_that_is_no_interruption()
    {
        var scene = Running();
        SaveAndTickAt(scene, 0.9);
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
        SaveAndTickAt(scene, hours - 0.2, since: 0.1);
        Assert.Equal(looks, Kernel.WantsOffers(scene.State, scene.Policies, scene.Newest.TrainingStartedAt!.Value.AddHours(hours)));
        TickAt(scene, hours);
        Assert.Equal(looks, scene.Newest.IsEnding());
    }

    [Fact]
    public void What_saves_less_than_a_twentieth_and_a_start_is_left()
    {
        var scene = Running();
        scene.Move = Saving(10, 9.51m);
        SaveAndTickAt(scene, 1.2);
        Assert.False(scene.Newest.IsEnding());

        // The start took seconds here.
        scene.Move = Saving(10, 9.48m);
        SaveAndTickAt(scene, 2.2);
        Assert.True(scene.Newest.IsEnding());
    }

    [Fact]
    public void Nobody_moves_away_from_work_that_is_in_no_store()
    {
        var never = Running();
        TickAt(never, 1.2);
        Assert.False(never.Newest.IsEnding());

        var long_ago = Running();
        SaveAndTickAt(long_ago, 2.2, since: 1.1);
        Assert.False(long_ago.Newest.IsEnding());

        var unverified = Running();
        SaveAndTickAt(unverified, 1.1, since: 0.1);
        unverified.Say(s => new CheckpointStored(2, Scene.Key(1, 2), "step-2", 2, 1, 1, default) { Seq = s, At = unverified.Now });
        TickAt(unverified, 1.2);
        Assert.False(unverified.Newest.IsEnding());

        var silent = Running();
        SaveAndTickAt(silent, 1.1, since: 0.1);
        silent.AgentTalks = false;
        TickAt(silent, 1.2);
        Assert.False(silent.Newest.IsEnding());

        // What an earlier attempt stored says nothing of this one's work.
        var restored = Running();
        SaveAndTickAt(restored, 0.5);
        restored.Move = null;
        restored.LoseInstance();
        restored.Reach(AttemptPhase.Running);
        restored.Move = Saving(10, 5);
        TickAt(restored, 1.2);
        Assert.Equal((2, false), (restored.State.Attempts.Length, restored.Newest.IsEnding()));
    }

    [Fact]
    public void Who_has_no_checkpoints_or_too_little_money_stays()
    {
        var without = Running(_terms with { HasCheckpoints = false });
        TickAt(without, 1.2);
        Assert.False(without.Newest.IsEnding());

        // $1.20 are spent; leaving takes eight minutes of this host, beginning a quarter of an hour of the next, and leaving that one as long again.
        Assert.True(Moves(1.75m));
        Assert.False(Moves(1.45m));

        static bool Moves(decimal budget)
        {
            var scene = Running(_terms with { MaxTotal = Money.FromDollars(budget) });
            SaveAndTickAt(scene, 1.2);
            return scene.Newest.Reason == EndReason.CheaperElsewhere;
        }
    }

    [Fact]
    public void A_host_that_would_not_be_taken_is_no_reason_to_leave()
    {
        var scene = Running();
        scene.Move = null;
        scene.Offers = [_cheap];
        scene.LoseInstance();
        scene.Tick(3600);
        scene.Reach(AttemptPhase.Booting);
        Assert.Equal("cheap", scene.Newest.Offer.OfferId);
        scene.LoseInstance();
        scene.Offers = [Scene.Offer("o3", "sim/3", 1m)];
        scene.Reach(AttemptPhase.Running);
        scene.Offers = [_cheap, _fair, .. scene.Offers];

        // It failed less than an hour ago, here moments before.
        var policies = scene.Policies with { AvoidHost = TimeSpan.FromHours(2) };
        Assert.False(Recovery.OfferChoice.IsOpen(scene.State, _cheap, policies, scene.Now));
        Assert.True(Recovery.OfferChoice.IsOpen(scene.State, _fair, policies, scene.Now));
    }

    [Fact]
    public void The_best_place_that_may_be_taken_counts()
    {
        var scene = Running();
        scene.Move = new MoveView(Money.FromDollars(10), [new MoveTarget(Scene.Offer("dear", "sim/dear", 900m), Money.FromDollars(4)), new MoveTarget(_fair, Money.FromDollars(6))]);
        var poor = Running(_terms with { MaxTotal = Money.FromDollars(20) });
        poor.Move = scene.Move;
        SaveAndTickAt(poor, 1.2);
        Assert.Contains("sim/fair", poor.Newest.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_moves_to_and_fro_all_day()
    {
        var scene = Running();
        for (var moved = 0; moved < scene.Policies.MovesPerDay; moved++)
        {
            Tempt(scene, moved);
            SaveAndTickAt(scene, 1.2);
            Assert.Equal(EndReason.CheaperElsewhere, scene.Newest.Reason);
            scene.LoseInstance();
            scene.Reach(AttemptPhase.Running);
        }

        Tempt(scene, scene.Policies.MovesPerDay);
        SaveAndTickAt(scene, 1.2);
        Assert.False(scene.Newest.IsEnding());
        SaveAndTickAt(scene, 25.2);
        Assert.True(scene.Newest.IsEnding());
    }

    /// <summary>What is listed and refuses each launch would else cost an hour of work again and again.</summary>
    [Fact]
    public void Where_an_attempt_ended_within_a_day_nobody_moves_to()
    {
        var scene = Running();
        SaveAndTickAt(scene, 1.2);
        scene.LoseInstance();
        scene.Tick(1);
        scene.Offers = [Scene.Offer("o1", "sim/1", 1m)];
        scene.Tick(1, new LaunchRejected(2, 1, RefusalKind.NoCapacity, "taken"));
        scene.Tick(120);
        Assert.Equal((3, "o1"), (scene.Newest.Number, scene.Newest.Offer.OfferId));
        scene.Reach(AttemptPhase.Running);

        SaveAndTickAt(scene, 2.2);
        Assert.False(scene.Newest.IsEnding());
        SaveAndTickAt(scene, 26.2);
        Assert.True(scene.Newest.IsEnding());
    }

    /// <summary>What it gives up somebody who waits may take.</summary>
    [Fact]
    public void Under_the_servers_limits_a_job_moves_only_where_there_is_room_beside_it()
    {
        var scene = Running();
        scene.Room = new() { Limits = new() { MaxInstances = 1 }, Used = default };
        SaveAndTickAt(scene, 1.2);
        Assert.False(scene.Newest.IsEnding());

        scene.Room = new() { Limits = new() { MaxInstances = 2 }, Used = default };
        SaveAndTickAt(scene, 2.2);
        Assert.True(scene.Newest.IsEnding());
    }

    [Fact]
    public void Whoever_may_train_only_so_long_does_not_spend_it_on_moves()
    {
        var scene = Running(_terms with { MaxRuntime = TimeSpan.FromHours(24) });
        SaveAndTickAt(scene, 1.2);
        Assert.False(scene.Newest.IsEnding());
    }

    private static void Tempt(Scene scene, int number)
    {
        var next = Scene.Offer($"cheap-{number}", $"sim/cheap-{number}", 0.5m);
        scene.Offers = [next];
        scene.Move = new(Money.FromDollars(10), [new MoveTarget(next, Money.FromDollars(5))]);
    }

    [Fact]
    public void Near_its_deadline_or_the_end_of_its_hours_a_job_stays()
    {
        var due = Running(_terms with { Deadline = Scene.Start.AddHours(20) });
        SaveAndTickAt(due, 1.2);
        Assert.False(due.Newest.IsEnding());

        var closing = Running(_terms with { RunWindows = [new TimeWindow(Scene.Start.AddHours(-1), Scene.Start.AddHours(2))] });
        SaveAndTickAt(closing, 1.2);
        Assert.False(closing.Newest.IsEnding());
    }
}
