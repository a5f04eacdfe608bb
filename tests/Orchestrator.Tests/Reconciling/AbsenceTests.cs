using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>A laptop that slept for hours must not call a host lost that had no chance to answer: only attended time counts.</summary>
public sealed class AbsenceTests
{
    private static readonly TimeSpan _night = TimeSpan.FromHours(8);

    /// <summary>The time of each phase, of which ten seconds were over when the servers went away; afterwards the rest counts.</summary>
    [Theory]
    [InlineData(AttemptPhase.Booting, 600, EndReason.NeverBooted)]
    [InlineData(AttemptPhase.Connecting, 300, EndReason.NeverConnected)]
    [InlineData(AttemptPhase.Checking, 300, EndReason.CheckFailed)]
    [InlineData(AttemptPhase.Staging, 21600, EndReason.StageFailed)]
    public void An_attempt_that_waits_goes_on_where_it_was(AttemptPhase phase, int limit, EndReason reason)
    {
        var scene = new Scene().Reach(phase);
        scene.Listed = phase == AttemptPhase.Booting ? InstanceStatus.Booting : scene.Listed;

        scene.Tick(10);
        scene.SleepAndTick(_night);
        Assert.Equal((phase, EndReason.None), (scene.Newest.Phase, scene.Newest.Reason));
        scene.Tick(limit - 12);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
        scene.Tick(3);

        Assert.Equal(reason, scene.Newest.Reason);
    }

    [Fact]
    public void A_trainer_that_is_being_started_goes_on_where_it_was()
    {
        var scene = new Scene(new JobTerms()).Reach(AttemptPhase.Staging);
        scene.Say(s => new FilesStaged(null, 1) { Seq = s, At = scene.Now });
        Assert.Equal((AttemptPhase.Running, null), (scene.Newest.Phase, scene.Newest.TrainingStartedAt));

        scene.SleepAndTick(_night);
        scene.Tick(298);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
        scene.Tick(5);

        Assert.Equal(EndReason.StageFailed, scene.Newest.Reason);
        Assert.Contains("within 5 min", scene.Newest.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trainer_without_a_word_yet_is_not_called_stalled()
    {
        var scene = new Scene(new JobTerms { Stall = TimeSpan.FromMinutes(30), StallFromStart = true }).Reach(AttemptPhase.Running);

        scene.SleepAndTick(_night);
        scene.Tick(1790);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
        scene.Tick(20);

        Assert.Equal(EndReason.Stalled, scene.Newest.Reason);
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 0.5)]
    public void What_is_being_stored_is_not_given_up(int code, double hours)
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        scene.Exit(code);
        Assert.Equal(AttemptPhase.Draining, scene.Newest.Phase);

        scene.SleepAndTick(_night);
        Assert.Equal(AttemptPhase.Draining, scene.Newest.Phase);
        scene.Tick((hours * 3600) - 10);
        Assert.Equal(AttemptPhase.Draining, scene.Newest.Phase);
        scene.Tick(60 + scene.State.Terms.DrainGrace.TotalSeconds);

        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
    }

    [Fact]
    public void A_wipe_that_was_done_meanwhile_is_heard_of()
    {
        var scene = new Scene().Reach(AttemptPhase.Staging);
        scene.Tick(1, new CancelCommand("eva"));
        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);

        scene.SleepAndTick(_night);
        Assert.Equal(AttemptPhase.Cleaning, scene.Newest.Phase);
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });

        Assert.True(scene.Newest.Wiped);
    }

    [Fact]
    public void A_destroy_that_nobody_could_send_does_not_let_the_next_attempt_begin_beside_it()
    {
        var scene = new Scene(new JobTerms { Stall = null }).Reach(AttemptPhase.Running);
        (scene.AgentTalks, scene.ListAnswers) = (false, false);
        scene.Tick(900);
        Assert.Equal((AttemptPhase.Terminating, EndReason.HostSilent), (scene.Newest.Phase, scene.Newest.Reason));

        scene.SleepAndTick(_night);
        scene.Tick(800);
        Assert.Single(scene.State.Attempts);
        scene.Tick(120);

        Assert.Equal(2, scene.State.Attempts.Length);
    }

    [Fact]
    public void After_an_absence_there_is_a_moment_to_hear_what_happened_meanwhile()
    {
        var scene = new Scene().Reach(AttemptPhase.Connecting);
        scene.Tick(299);

        scene.SleepAndTick(_night);
        scene.Tick(43);
        Assert.Equal(EndReason.None, scene.Newest.Reason);
        scene.Tick(2);

        Assert.Equal(EndReason.NeverConnected, scene.Newest.Reason);
    }

    [Fact]
    public void Absences_that_do_not_touch_the_wait_change_nothing()
    {
        var start = Scene.Start;
        UnattendedTime Away(int from, int until) => new(start.AddSeconds(from), start.AddSeconds(until));
        DateTimeOffset Of(params ImmutableArray<UnattendedTime> away) => AttendedTime.Deadline(away, start, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(10));

        Assert.Equal(start.AddSeconds(100), Of());
        Assert.Equal(start.AddSeconds(100), Of(Away(-50, 0)));
        Assert.Equal(start.AddSeconds(100), Of(Away(100, 900)));
        Assert.Equal(start.AddSeconds(120), Of(Away(-50, 20)));
        Assert.Equal(start.AddSeconds(150), Of(Away(10, 30), Away(50, 80)));
        Assert.Equal(start.AddSeconds(120), Of(Away(95, 110)));
    }

    /// <summary>Away for ten seconds of every fifteen, for a day: each return must not begin a grace of its own.</summary>
    [Fact]
    public void A_server_that_comes_and_goes_does_not_hold_a_host_for_ever()
    {
        UnattendedTime[] away = [.. Enumerable.Range(0, 5760).Select(i => new UnattendedTime(Scene.Start.AddSeconds(15 * i), Scene.Start.AddSeconds((15 * i) + 10)))];

        var deadline = AttendedTime.Deadline([.. away], Scene.Start, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(45));

        Assert.InRange(deadline, Scene.Start.AddSeconds(300), Scene.Start.AddSeconds(900));
    }

    /// <summary>Money does not wait for us.</summary>
    [Fact]
    public void The_budget_goes_on_counting()
    {
        var scene = new Scene(new JobTerms { MaxTotal = Money.FromDollars(2), Stall = null }).Reach(AttemptPhase.Running);

        scene.SleepAndTick(_night);

        Assert.Equal((AttemptPhase.Terminating, EndReason.BudgetExhausted), (scene.Newest.Phase, scene.Newest.Reason));
    }

    [Fact]
    public void A_tick_that_an_older_release_recorded_still_loads()
    {
        var seen = System.Text.Json.JsonSerializer.Deserialize("""{"inbox":[],"attempts":[]}""", Json.CoreJson.Default.Observation)!;

        Assert.Empty(seen.Unattended);
        Assert.Empty(Kernel.Decide(new Scene().Reach(AttemptPhase.Running).State, seen, new Policies(), Scene.Start.AddMinutes(1)));
    }
}
