using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class ScheduleTests
{
    private static ImmutableArray<TimeWindow> Nights(params (double From, double Until)[] hours) =>
        [.. hours.Select(h => new TimeWindow(Scene.Start.AddHours(h.From), Scene.Start.AddHours(h.Until)))];

    [Fact]
    public void A_job_with_a_later_start_is_scheduled()
    {
        var scene = new Scene(new JobTerms { NotBefore = Scene.Start.AddHours(1) });

        scene.Tick(1);
        Assert.Equal((JobPhase.Scheduled, Scene.Start.AddHours(1)), (scene.State.Phase, Kernel.NextDue(scene.State, scene.Policies, scene.Now)));
        scene.Tick(3600);

        Assert.Single(scene.State.Attempts);
    }

    [Fact]
    public void A_start_window_keeps_the_first_attempt_back_and_no_other()
    {
        var scene = new Scene(new JobTerms { HasCheckpoints = true, StartWindows = Nights((1, 2), (25, 26)) });

        scene.Tick(1);
        Assert.Equal((JobPhase.Scheduled, Scene.Start.AddHours(1)), (scene.State.Phase, scene.State.NotBefore));
        scene.Tick(3600);
        Assert.Single(scene.State.Attempts);

        scene.Reach(AttemptPhase.Running);
        scene.Tick(2 * 3600);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Running);
        Assert.Equal(2, scene.State.Attempts.Length);
    }

    [Fact]
    public void A_start_window_that_is_over_is_waited_for_again()
    {
        var scene = new Scene(new JobTerms { StartWindows = Nights((1, 2), (25, 26)) }) { Offers = [] };
        scene.Tick(3600);
        Assert.Equal(JobPhase.Waiting, scene.State.Phase);

        scene.Offers = [Scene.Offer("o1", "sim/1", 1m)];
        scene.Tick(3600);

        Assert.Empty(scene.State.Attempts);
        Assert.Equal((JobPhase.Scheduled, Scene.Start.AddHours(25)), (scene.State.Phase, scene.State.NotBefore));
    }

    [Fact]
    public void A_job_leaves_before_its_hours_end_and_comes_back_in_the_next_ones()
    {
        var scene = new Scene(new JobTerms { Stall = null, HasCheckpoints = true, RunWindows = Nights((0, 8), (24, 32)) });
        scene.Reach(AttemptPhase.Running);

        // One minute grace, five to flush, two to clean.
        var due = Kernel.NextDue(scene.State, scene.Policies, scene.Now);
        Assert.Equal(Scene.Start.AddHours(8).AddMinutes(-8), due);
        Assert.Empty(scene.Tick((due - scene.Now).TotalSeconds - 1));
        scene.Tick(1);

        Assert.Equal((EndReason.WindowClosed, AttemptPhase.Draining), (scene.Newest.Reason, scene.Newest.Phase));
        Assert.False(EndReason.WindowClosed.IsInterruption());
        Assert.Equal((JobPhase.Scheduled, Scene.Start.AddHours(24), 0), (scene.State.Phase, scene.State.NotBefore, scene.State.Interruptions));

        scene.LoseInstance();
        scene.Tick((Scene.Start.AddHours(24) - scene.Now).TotalSeconds);
        Assert.Equal(2, scene.State.Attempts.Length);
    }

    [Theory]
    [InlineData(false, JobPhase.Failed)]
    [InlineData(true, JobPhase.Scheduled)]
    public void Windows_that_save_nothing_are_not_paid_for_ever(bool saves, JobPhase phase)
    {
        var scene = new Scene(new JobTerms { Stall = null, HasCheckpoints = true, RunWindows = Nights((0, 8), (24, 32), (48, 56), (72, 80)) });
        for (var night = 0; night < 3; night++)
        {
            scene.Reach(AttemptPhase.Running);
            if (saves && night == 2)
            {
                scene.Checkpoint(1, 10);
            }

            scene.Tick((Scene.Start.AddHours(24 * night + 8).AddMinutes(-8) - scene.Now).TotalSeconds);
            Assert.Equal(EndReason.WindowClosed, scene.Newest.Reason);
            scene.LoseInstance();
            if (night < 2)
            {
                scene.Tick((Scene.Start.AddHours(24 * (night + 1)) - scene.Now).TotalSeconds);
            }
        }

        Assert.Equal(phase, scene.State.Phase);
    }

    [Fact]
    public void Nothing_begins_in_hours_that_are_all_but_over()
    {
        var scene = new Scene(new JobTerms { RunWindows = Nights((-8, 0.1), (16, 24)) });

        scene.Tick(1);

        Assert.Empty(scene.State.Attempts);
        Assert.Equal((JobPhase.Scheduled, Scene.Start.AddHours(16)), (scene.State.Phase, scene.State.NotBefore));
    }

    [Theory]
    [InlineData(0.5, 24)]
    [InlineData(25.5, 48)]
    [InlineData(49.5, 72)]
    [InlineData(24.25, 24)]
    public void Beyond_the_windows_that_are_known_the_last_one_comes_every_day(double at, double opens)
    {
        var windows = Nights((-24, 0.25), (24, 25));

        Assert.Equal(Scene.Start.AddHours(opens), TimeWindows.At(windows, Scene.Start.AddHours(at))!.From);
    }

    [Fact]
    public void A_price_that_the_spec_waits_for_is_waited_for_and_only_by_the_first_attempt()
    {
        var scene = new Scene(new JobTerms { HasCheckpoints = true, StartBelow = Money.FromDollars(0.3m) }, price: 0.3m);
        scene.Tick(1);
        Assert.Empty(scene.State.Attempts);
        Assert.Equal((JobPhase.Waiting, "the cheapest offer that fits costs $0.30/h, the job starts below $0.30/h"), (scene.State.Phase, scene.State.PhaseReason));

        scene.Offers = [Scene.Offer("o1", "sim/1", 0.29m)];
        scene.Tick(30);
        Assert.Single(scene.State.Attempts);

        scene.Offers = [Scene.Offer("o1", "sim/1", 0.5m)];
        scene.Reach(AttemptPhase.Running);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Running);
        Assert.Equal(2, scene.State.Attempts.Length);
    }
}
