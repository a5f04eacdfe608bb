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

    private static Scene Begun(int keep = 3)
    {
        var scene = new Scene(new JobTerms { HasCheckpoints = true, Keep = keep, Stall = null });
        scene.Apply(new CheckpointCommitted(_copy, Adopted: false) { At = scene.Now, Why = "copied" });
        return scene;
    }
}
