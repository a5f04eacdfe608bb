using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class StopRuleTests
{
    [Fact]
    public void A_loss_of_nan_fails_the_job_names_the_last_checkpoint_before_it_and_is_paid_for_nowhere_else()
    {
        var scene = Training("loss is nan", restarts: 3);
        scene.Checkpoint(1, 800);
        scene.Checkpoint(2, 820);
        scene.AtStep = 825;
        scene.NotFinite = Odd("loss", double.NaN, 812);

        scene.Tick(1);

        Assert.Equal((EndReason.StopCondition, AttemptPhase.Draining, JobPhase.Failed), (scene.Newest.Reason, scene.Newest.Phase, scene.State.Verdict?.Phase));
        Assert.StartsWith("stopped: loss was NaN at step 812 (progress.stop-when: loss is nan); last durable checkpoint: step 800;", scene.State.Verdict!.Why, StringComparison.Ordinal);
        Assert.Equal(0, scene.State.Interruptions);

        scene.Say(s => new DrainDone(true, true, DrainDone.AllStored) { Seq = s, At = scene.Now });
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        scene.Tick(1, new DestroyReplied(1, "i1", true));

        Assert.Equal((JobPhase.Failed, 1), (scene.State.Phase, scene.State.Attempts.Length));
    }

    [Fact]
    public void A_trainer_that_is_stopped_for_it_gets_no_time_to_save_over_what_is_good_and_nothing_good_is_let_go()
    {
        var scene = Training("loss is nan", keep: 1);
        scene.Checkpoint(1, 800);
        scene.NotFinite = Odd("loss", double.NaN, 812);
        scene.Tick(1);

        Assert.Equal(TimeSpan.Zero, Assert.IsType<DrainTrainer>(scene.Owed.OfType<CommandAgent>().Single().Command).Grace);

        scene.Checkpoint(2, 815);

        Assert.Equal(2, scene.State.Checkpoints.Length);
        Assert.Empty(scene.State.Retired);
    }

    [Theory]
    [InlineData("val_loss > 5 after 1000 steps", 999, 6d, false)]
    [InlineData("val_loss > 5 after 1000 steps", 1000, 6d, true)]
    [InlineData("val_loss > 5", 0, 5d, false)]
    [InlineData("val_loss >= 5", 0, 5d, true)]
    [InlineData("val_loss < 0.5", 0, 0.4, true)]
    [InlineData("val_loss <= -1e-3", 0, 0d, false)]
    [InlineData("other > 1", 0, 6d, false)]
    [InlineData("loss is nan or val_loss > 5", 0, 6d, true)]
    public void A_figure_counts_by_its_newest_value_and_from_its_step_on(string condition, int step, double value, bool stops)
    {
        var scene = Training(condition);
        (scene.AtStep, scene.Metrics) = (step, ImmutableSortedDictionary<string, double>.Empty.Add("val_loss", value));

        scene.Tick(1);

        Assert.Equal(stops ? EndReason.StopCondition : EndReason.None, scene.Newest.Reason);
    }

    [Theory]
    [InlineData("loss is nan", double.PositiveInfinity, false)]
    [InlineData("loss is inf", double.NegativeInfinity, true)]
    [InlineData("loss is inf", double.NaN, false)]
    [InlineData("loss is not finite", double.NaN, true)]
    [InlineData("loss is not finite", double.NegativeInfinity, true)]
    [InlineData("loss > 5", double.PositiveInfinity, true)]
    [InlineData("loss > 5", double.NaN, false)]
    [InlineData("loss < 5", double.NaN, false)]
    public void What_is_no_number_is_compared_as_what_it_is(string condition, double value, bool stops)
    {
        var scene = Training(condition);
        scene.NotFinite = Odd("loss", value, null);

        scene.Tick(1);

        Assert.Equal(stops, scene.Newest.Reason == EndReason.StopCondition);
    }

    [Fact]
    public void Before_training_begins_nothing_counts()
    {
        var scene = new Scene(new JobTerms { HasCheckpoints = true, StopWhen = StopCondition.Parse("loss is nan") }).Reach(AttemptPhase.Staging);
        scene.NotFinite = Odd("loss", double.NaN, null);

        scene.Tick(1);

        Assert.False(scene.Newest.IsEnding());
    }

    private static Scene Training(string condition, int restarts = 0, int keep = 3) => new Scene(new JobTerms
    {
        HasCheckpoints = true, Keep = keep, Restarts = restarts, StopWhen = StopCondition.Parse(condition), DrainGrace = TimeSpan.FromMinutes(2),
    }).Reach(AttemptPhase.Running);

    private static ImmutableSortedDictionary<string, OddMetric> Odd(string name, double value, long? step) =>
        ImmutableSortedDictionary<string, OddMetric>.Empty.Add(name, OddMetric.Of(value, step));
}
