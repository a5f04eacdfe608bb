using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>A job that begins from a checkpoint which was another job's.</summary>
public sealed class CopiedStartTests
{
    private static readonly CheckpointRef _copy = new() { Attempt = 0, Ordinal = 1, ManifestKey = Scene.Key(0, 1), Entry = "step-2400", Step = 2400, Bytes = 10, TrainedBefore = TimeSpan.FromHours(3) };

    [Fact]
    public void Its_first_attempt_restores_the_copy()
    {
        var scene = Begun();
        scene.Reach(AttemptPhase.Staging);

        scene.Tick(1, new ManifestsScanned(1, [_copy], []));

        Assert.Equal(_copy, scene.Newest.RestoreFrom);
        Assert.Contains(scene.Owed, e => e is CommandAgent { Key: var key } && key == "stage:" + _copy.ManifestKey);
    }

    [Fact]
    public void A_copy_that_is_gone_is_asked_about_and_nothing_begins_at_the_start()
    {
        var scene = Begun();
        scene.Reach(AttemptPhase.Staging);

        scene.Tick(1, new ManifestsScanned(1, [], []) { Missing = [_copy.ManifestKey] });

        Assert.Equal(EndReason.CheckpointsMissing, scene.Newest.Reason);
        Assert.False(scene.Newest.RestoreDecided);
    }

    [Fact]
    public void It_is_kept_until_the_jobs_own_take_its_place()
    {
        var scene = Begun(keep: 1).Reach(AttemptPhase.Running);
        Assert.Equal(_copy.ManifestKey, scene.Newest.RestoreFrom?.ManifestKey);
        Assert.Empty(scene.State.Retired);

        scene.Checkpoint(1, 2500);

        Assert.Equal(_copy.ManifestKey, Assert.Single(scene.State.Retired).Checkpoint.ManifestKey);
        Assert.DoesNotContain(scene.Owed, e => e is DeleteCheckpoint);
        scene.Say(s => new RetireDone(_copy.ManifestKey) { Seq = s, At = scene.Now });
        Assert.Equal(_copy.ManifestKey, scene.Owed.OfType<DeleteCheckpoint>().Single().Checkpoint.ManifestKey);
    }

    [Fact]
    public void The_work_it_holds_counts_as_trained_and_costs_no_runtime()
    {
        var scene = Begun().Reach(AttemptPhase.Running);
        scene.Tick(600);
        var own = scene.Checkpoint(1, 2500);

        Assert.Equal(TimeSpan.FromHours(3), scene.State.TrainedUpTo(_copy, scene.Now));
        Assert.InRange(scene.State.TrainedUpTo(own, scene.Now), TimeSpan.FromHours(3) + TimeSpan.FromMinutes(9), TimeSpan.FromHours(3) + TimeSpan.FromMinutes(11));
        Assert.True(scene.State.Trained(scene.Now) < TimeSpan.FromMinutes(11));
    }

    /// <summary>It was copied in the old epoch, in which the job never had an attempt.</summary>
    [Fact]
    public void Its_folder_stays_the_jobs_after_a_restored_backup()
    {
        var scene = Begun();

        scene.Tick(1, new EpochConfirmed("e2", "e1", 0, false));

        Assert.Equal(["jobs/job-7/e2/", "jobs/job-7/e1/"], JobFolders.All(scene.State).ToArray());
    }

    [Fact]
    public void It_rents_nothing_before_the_checkpoint_is_copied_and_compared()
    {
        var scene = Waiting();

        scene.Tick(1);
        Assert.Equal((JobPhase.Waiting, "the checkpoint is being copied: lora #3, step-2400"), (scene.State.Phase, scene.State.PhaseReason));
        Assert.Equal(scene.State.Start, Assert.Single(scene.Owed.OfType<CopyCheckpoint>()).Copy);
        Assert.False(Kernel.WantsOffers(scene.State, scene.Policies, scene.Now));
        Assert.True(Kernel.NextDue(scene.State, scene.Policies, scene.Now) <= scene.Now + scene.Policies.EffectRetry);

        scene.Tick(30, new CopyStands(3, 12, null));
        Assert.Equal("the checkpoint is being copied: 3 of 12 files (lora #3, step-2400)", scene.State.PhaseReason);
        Assert.Empty(scene.Tick(30, new CopyStands(3, 12, null)));
        scene.Tick(30, new CopyStands(3, 12, "the bucket does not answer"));
        Assert.Equal("the checkpoint cannot be copied now, and is tried again (lora #3, step-2400): the bucket does not answer", scene.State.PhaseReason);
        Assert.Empty(scene.State.Attempts);

        scene.ProvidersAnswer = false;
        scene.Tick(30, new CheckpointCopied(_copy with { TrainedBefore = null }));
        Assert.Equal((JobPhase.Pending, (StartCopy?)null), (scene.State.Phase, scene.State.Start));
        Assert.Equal(_copy, Assert.Single(scene.State.Checkpoints));
        Assert.DoesNotContain(scene.Owed, effect => effect is CopyCheckpoint);
        Assert.True(Kernel.NextDue(scene.State, scene.Policies, scene.Now) <= scene.Now.AddSeconds(1));

        scene.ProvidersAnswer = true;
        scene.Tick(1);
        Assert.Single(scene.State.Attempts);
    }

    [Fact]
    public void Cancelled_meanwhile_it_ends_when_what_was_copied_is_gone()
    {
        var scene = Waiting();
        scene.Tick(1);

        scene.Tick(1, new CancelCommand("eva"));
        Assert.False(scene.State.Phase.IsTerminal());
        Assert.Equal(scene.State.Start, Assert.Single(scene.Owed.OfType<DropCopy>()).Copy);
        Assert.DoesNotContain(scene.Owed, effect => effect is CopyCheckpoint);

        // What was finished in the same moment is not begun from any more.
        Assert.Empty(scene.Tick(1, new CheckpointCopied(_copy), new CopyStands(12, 12, null), new CopyImpossible("gone")));
        scene.Tick(1, new CopyErased());
        Assert.Equal(JobPhase.Cancelled, scene.State.Phase);
        Assert.Empty(scene.Owed);
    }

    [Fact]
    public void One_that_cannot_be_copied_is_asked_about_and_resumed_it_is_tried_again()
    {
        var scene = Waiting();
        scene.Tick(1);

        scene.Tick(1, new CopyImpossible("the manifest is not in the store"));
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
        Assert.StartsWith("it cannot begin from lora #3, step-2400: the manifest is not in the store. Put it back, then: orchestrator resume 7", scene.State.PhaseReason, StringComparison.Ordinal);
        Assert.Empty(scene.Owed);

        scene.Tick(1, new ResumeCommand("eva", null));
        Assert.Single(scene.Owed.OfType<CopyCheckpoint>());
        Assert.Empty(scene.State.Attempts);
    }

    [Fact]
    public void A_word_of_another_copy_is_none_of_this_one()
    {
        var scene = Waiting();
        scene.Tick(1);

        Assert.Empty(scene.Tick(1, new CheckpointCopied(_copy with { ManifestKey = Scene.Key(1, 1) }), new CopyErased()));
        scene.Tick(1, new EpochConfirmed("e2", "e1", 0, false));
        scene.Tick(1, new CheckpointCopied(_copy));
        Assert.Equal(_copy, Assert.Single(scene.State.Checkpoints));
    }

    private static Scene Waiting() => new(
        new JobTerms { HasCheckpoints = true, Stall = null },
        start: new() { Job = new JobId(3), Checkpoint = new() { Attempt = 2, Ordinal = 4, ManifestKey = "there", Entry = "step-2400", Step = 2400, TrainedBefore = TimeSpan.FromHours(3) }, Epoch = "e1", Words = "lora #3, step-2400" });

    private static Scene Begun(int keep = 3)
    {
        var scene = new Scene(new JobTerms { HasCheckpoints = true, Keep = keep, Stall = null });
        scene.Apply(new CheckpointCommitted(_copy, Adopted: false) { At = scene.Now, Why = "copied" });
        return scene;
    }
}
