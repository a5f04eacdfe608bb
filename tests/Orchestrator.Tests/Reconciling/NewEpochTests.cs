using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class NewEpochTests
{
    [Fact]
    public void The_next_attempt_carries_the_new_epoch_and_restores_from_the_old_ones_checkpoint()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        var kept = scene.Checkpoint(1, 100);

        Confirm(scene, 1);
        Assert.Equal((EndReason.EpochBegan, 0), (scene.Newest.Reason, scene.State.Interruptions));
        Assert.Contains(scene.Owed, e => e is CommandAgent { Attempt: 1 });
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);
        scene.Tick(1, new ManifestsScanned(2, [kept], []));

        Assert.Equal(("orc-e2-7-2", "e2"), (scene.Newest.Label, scene.Newest.Epoch));
        Assert.Equal(kept.ManifestKey, scene.Newest.RestoreFrom?.ManifestKey);
        Assert.Equal(["jobs/job-7/e2/", "jobs/job-7/e1/"], JobFolders.All(scene.State).ToArray());
    }

    [Fact]
    public void Numbers_go_on_after_forgotten_attempts_whose_checkpoints_are_adopted()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);

        Confirm(scene, 3);
        Assert.Equal((JobPhase.Recovering, 3), (scene.State.Phase, scene.State.Attempts.Length));
        Assert.Equal((AttemptPhase.Ended, "orc-e1-7-3"), (scene.State.Attempts[2].Phase, scene.State.Attempts[2].Label));
        scene.AgentTalks = false;
        scene.Tick(600);
        scene.Tick(600);
        scene.Tick(1, new DestroyReplied(1, "i1", true));
        scene.Tick(1);
        Assert.Equal("orc-e2-7-4", scene.Newest.Label);

        Drive(scene);
        var forgotten = new CheckpointRef { Attempt = 3, Ordinal = 2, ManifestKey = Scene.Key(3, 2), Entry = "step-9", Step = 9 };
        scene.Tick(1, new ManifestsScanned(4, [forgotten], []));

        Assert.Equal(forgotten.ManifestKey, scene.Newest.RestoreFrom?.ManifestKey);
    }

    [Fact]
    public void A_checkpoint_of_a_foreign_epoch_is_not_adopted()
    {
        var scene = new Scene().Reach(AttemptPhase.Staging);
        Confirm(scene, 1);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);
        var key = ObjectKeys.Manifest(ObjectKeys.Attempt(ObjectKeys.Job("stranger", new JobId(7), "job"), 1), 1);

        scene.Tick(1, new ManifestsScanned(2, [new CheckpointRef { Attempt = 1, Ordinal = 1, ManifestKey = key, Entry = "x" }], []));

        Assert.Empty(scene.State.Checkpoints);
        Assert.Null(scene.Newest.RestoreFrom);
    }

    [Fact]
    public void A_job_that_had_ended_is_cancelled_without_a_launch()
    {
        var scene = new Scene();

        var events = scene.Tick(1, new EpochConfirmed("e2", "e1", 0, Ended: true));

        Assert.Equal(JobPhase.Cancelled, scene.State.Phase);
        Assert.DoesNotContain(events, e => e is AttemptPlanned or LaunchSent);
        Assert.Contains("had ended before", scene.State.PhaseReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_had_ended_winds_its_instance_down_first()
    {
        var scene = new Scene().Reach(AttemptPhase.Booting);

        var events = scene.Tick(1, new EpochConfirmed("e2", "e1", 0, Ended: true));

        Assert.Equal(JobPhase.Cancelled, scene.State.Verdict?.Phase);
        Assert.Contains(scene.Owed, e => e is DestroyInstance { InstanceId: "i1", Label: "orc-e1-7-1" });
        Assert.DoesNotContain(events, e => e is AttemptPlanned or LaunchSent);
    }

    [Fact]
    public void Confirmed_twice_is_confirmed_once()
    {
        var scene = new Scene();
        Confirm(scene, 2);

        var again = scene.Tick(1, new EpochConfirmed("e2", "e1", 2, Ended: false));

        Assert.DoesNotContain(again, e => e is EpochBegan);
    }

    private static void Confirm(Scene scene, int lastAttempt) => scene.Tick(1, new EpochConfirmed("e2", "e1", lastAttempt, Ended: false));

    /// <summary>The newest attempt from its launch to staging.</summary>
    private static void Drive(Scene scene)
    {
        scene.Tick(1, new LaunchReplied(scene.Newest.Number, 1, $"i{scene.Newest.Number}"));
        scene.Listed = InstanceStatus.Running;
        scene.Tick(1);
        scene.AgentTalks = true;
        scene.Tick(1);
        scene.Say(s => new Orchestrator.Protocol.HostChecked(null, "fine") { Seq = s, At = scene.Now });
    }
}
