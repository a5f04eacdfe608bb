using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class CheckpointTests
{
    [Fact]
    public void The_newest_verified_checkpoint_is_restored_and_a_damaged_one_gives_way_to_the_one_before()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        var older = scene.Checkpoint(1, 10);
        var newer = scene.Checkpoint(2, 20);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);

        scene.Tick(1, new ManifestsScanned(2, [older], [newer.ManifestKey]));

        Assert.Equal(10, scene.Newest.RestoreFrom?.Step);
        Assert.Contains(scene.Owed, e => e is CommandAgent { Key: var key } && key == "stage:" + older.ManifestKey);
        Assert.Contains(newer.ManifestKey, scene.State.Rejected);
    }

    /// <summary>Bad memory finds every hash wrong: one such host must not throw away what was verified, one after the other.</summary>
    [Fact]
    public void One_hosts_word_that_a_checkpoint_is_damaged_is_checked_before_anything_is_rejected()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        var older = scene.Checkpoint(1, 10);
        var newer = scene.Checkpoint(2, 20);

        Doubt(scene, 2, older, newer);
        Assert.Equal(EndReason.RestoreRefused, scene.Newest.Reason);
        Assert.Equal([newer.ManifestKey], RestoreDoubts.Of(scene.State));
        Assert.Empty(scene.State.Rejected);

        End(scene);
        scene.Tick(3600);
        Doubt(scene, 3, older, newer);
        Assert.Equal(EndReason.RestoreRefused, scene.Newest.Reason);
        Assert.Empty(scene.State.Rejected);

        End(scene);
        scene.Offers = [Scene.Offer("o2", "sim/2", 1)];
        scene.Tick(3600);
        scene.Reach(AttemptPhase.Staging);
        scene.Tick(1, new ManifestsScanned(4, [older, newer], []));
        scene.Say(s => new FilesStaged(newer.ManifestKey, 1) { Seq = s, At = scene.Now });
        scene.Say(s => new TrainerStarted(1) { Seq = s, At = scene.Now });
        Assert.Equal(newer.ManifestKey, scene.Newest.RestoreFrom?.ManifestKey);
        Assert.Empty(RestoreDoubts.Of(scene.State));
    }

    [Fact]
    public void What_two_hosts_cannot_restore_gives_way_to_the_one_before()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        var older = scene.Checkpoint(1, 10);
        var newer = scene.Checkpoint(2, 20);
        Doubt(scene, 2, older, newer);
        End(scene);
        scene.Offers = [Scene.Offer("o2", "sim/2", 1)];
        scene.Tick(3600);

        Doubt(scene, 3, older, newer);

        Assert.Equal((EndReason.None, 10L), (scene.Newest.Reason, scene.Newest.RestoreFrom?.Step));
        Assert.Contains(newer.ManifestKey, scene.State.Rejected);
    }

    [Fact]
    public void All_checkpoints_damaged_at_once_are_a_question_like_all_that_are_missing()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        var older = scene.Checkpoint(1, 10);
        var newer = scene.Checkpoint(2, 20);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);

        scene.Tick(1, new ManifestsScanned(2, [], [newer.ManifestKey]) { Missing = [older.ManifestKey] });

        Assert.Equal(EndReason.CheckpointsMissing, scene.Newest.Reason);
        Assert.Equal(2, scene.State.Checkpoints.Length);
    }

    /// <summary>The next attempt is told to restore the newest one and calls it damaged.</summary>
    private static void Doubt(Scene scene, int attempt, CheckpointRef older, CheckpointRef newer)
    {
        if (scene.Newest.Phase == AttemptPhase.Running)
        {
            scene.LoseInstance();
        }

        scene.Reach(AttemptPhase.Staging);
        scene.Tick(1, new ManifestsScanned(attempt, [older, newer], []));
        Assert.Equal(20, scene.Newest.RestoreFrom?.Step);
        scene.Say(s => new StageRefused(StageRefusal.CheckpointDamaged, newer.ManifestKey, "hash") { Seq = s, At = scene.Now });
    }

    /// <summary>Failed is failed for good; what was trained so far must be there to go on from once somebody has mended the source.</summary>
    [Theory]
    [InlineData(true, EndReason.Paused, JobPhase.Paused)]
    [InlineData(false, EndReason.BadOrder, JobPhase.Failed)]
    public void Data_that_cannot_be_read_any_more_pauses_a_job_that_has_a_checkpoint(bool trained, EndReason reason, JobPhase phase)
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        var stored = trained ? scene.Checkpoint(1, 10) : null;
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);
        scene.Tick(1, new ManifestsScanned(2, stored is null ? [] : [stored], []));

        scene.Say(s => new StageRefused(StageRefusal.Source, null, "it has changed") { Seq = s, At = scene.Now });
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        scene.Tick(1, new DestroyReplied(2, scene.Newest.InstanceId!, true));

        Assert.Equal((reason, phase), (scene.Newest.Reason, scene.State.Phase));
    }

    /// <summary>A disk that is not mounted, an emptied bucket: nothing begins at the start before a person has said so.</summary>
    [Fact]
    public void All_checkpoints_missing_at_once_pause_the_job_and_begin_at_the_start_only_when_it_is_resumed_without_them()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        var kept = scene.Checkpoint(1, 10);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);
        var nothing = new ManifestsScanned(2, [], []) { Missing = [kept.ManifestKey] };
        scene.Tick(1, nothing);
        Assert.Equal((EndReason.CheckpointsMissing, false), (scene.Newest.Reason, scene.Newest.RestoreDecided));
        Assert.Contains("step 10", scene.Newest.Why, StringComparison.Ordinal);
        End(scene);
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
        Assert.Equal(kept, Assert.Single(scene.State.Checkpoints));

        scene.Tick(1, new ResumeCommand("me", null));
        scene.Reach(AttemptPhase.Staging);
        scene.Tick(1, nothing with { Attempt = 3 });
        Assert.Equal((true, null), (scene.Newest.RestoreDecided, scene.Newest.RestoreFrom));
        Assert.Contains(kept.ManifestKey, scene.State.Rejected);
    }

    [Fact]
    public void Checkpoints_that_came_back_are_restored_and_a_single_missing_one_gives_way()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        var older = scene.Checkpoint(1, 10);
        var newer = scene.Checkpoint(2, 20);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);
        scene.Tick(1, new ManifestsScanned(2, [], []) { Missing = [older.ManifestKey, newer.ManifestKey] });
        End(scene);
        scene.Tick(1, new ResumeCommand("me", null));
        scene.Reach(AttemptPhase.Staging);

        scene.Tick(1, new ManifestsScanned(3, [older], []) { Missing = [newer.ManifestKey] });

        Assert.Equal(10, scene.Newest.RestoreFrom?.Step);
    }

    private static void End(Scene scene)
    {
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        scene.Tick(1, new DestroyReplied(scene.Newest.Number, scene.Newest.InstanceId!, true));
    }

    [Fact]
    public void A_manifest_that_was_stored_while_nobody_looked_is_adopted_before_the_restore()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);

        scene.Tick(1, new ManifestsScanned(2, [Ref(1, 1, 30)], []));

        Assert.Equal(30, scene.Newest.RestoreFrom?.Step);
    }

    [Fact]
    public void A_manifest_that_shows_up_after_a_later_attempt_has_chosen_is_shown_but_not_used()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Running);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);

        scene.Tick(1, new ManifestsScanned(3, [Ref(1, 1, 30)], []));

        Assert.Null(scene.Newest.RestoreFrom);
        Assert.True(Assert.Single(scene.State.Checkpoints).Late);
    }

    [Theory]
    [InlineData(1, "jobs/other-9/e1/a0001/checkpoints/000001/manifest.json", "x", 1, 5)]
    [InlineData(0, null, "x", 1, 5)]
    [InlineData(-3, null, "x", 1, 5)]
    [InlineData(1, null, "../x", 1, 5)]
    [InlineData(1, null, "", 1, 5)]
    [InlineData(1, null, "x\n", 1, 5)]
    [InlineData(1, null, "x", -1, 5)]
    [InlineData(1, null, "x", 1, -5)]
    public void A_checkpoint_that_cannot_be_is_noted_and_ignored(int ordinal, string? key, string entry, long bytes, long step)
    {
        var scene = new Scene().Reach(AttemptPhase.Running);

        var events = scene.Say(s => new CheckpointStored(ordinal, key ?? Scene.Key(1, ordinal), entry, step, bytes, 1, default) { Seq = s, At = scene.Now });

        Assert.Single(events.OfType<ProblemNoted>());
        Assert.Empty(scene.State.Unverified);
    }

    [Fact]
    public void A_checkpoint_out_of_retention_is_deleted_only_once_the_agent_has_let_go_of_it()
    {
        var scene = new Scene(new JobTerms { HasCheckpoints = true, Keep = 1 }).Reach(AttemptPhase.Running);
        var first = scene.Checkpoint(1, 10);
        var second = scene.Checkpoint(2, 20);

        Assert.Contains(scene.Owed, e => e is CommandAgent { Command: RetireCheckpoint } c && c.Key == "retire:" + first.ManifestKey);
        Assert.DoesNotContain(scene.Owed, e => e is DeleteCheckpoint);
        scene.Say(s => new RetireDone(first.ManifestKey) { Seq = s, At = scene.Now });

        var delete = Assert.Single(scene.Owed.OfType<DeleteCheckpoint>());
        Assert.Equal(first.ManifestKey, delete.Checkpoint.ManifestKey);
        Assert.Equal(second.ManifestKey, Assert.Single(delete.Kept));
        scene.Tick(1, new CheckpointErased(first.ManifestKey));
        Assert.Empty(scene.State.Retired);
    }

    [Fact]
    public void What_a_lost_agent_had_not_let_go_of_is_kept_until_its_last_manifests_are_known()
    {
        var scene = new Scene(new JobTerms { HasCheckpoints = true, Keep = 1 }).Reach(AttemptPhase.Running);
        scene.Checkpoint(1, 10);
        scene.Checkpoint(2, 20);
        scene.LoseInstance();
        scene.Reach(AttemptPhase.Staging);
        Assert.DoesNotContain(scene.Owed, e => e is DeleteCheckpoint);

        scene.Tick(1, new ManifestsScanned(2, [Ref(1, 3, 30)], []));

        Assert.Equal(30, scene.Newest.RestoreFrom?.Step);
        Assert.All(scene.Owed.OfType<DeleteCheckpoint>(), d => Assert.Contains(Scene.Key(1, 3), d.Kept));
        Assert.NotEmpty(scene.Owed.OfType<DeleteCheckpoint>());
    }

    [Theory]
    [InlineData(AfterSuccess.Keep, 2)]
    [InlineData(AfterSuccess.KeepLast, 1)]
    [InlineData(AfterSuccess.Delete, 0)]
    public void After_a_success_as_many_are_kept_as_the_spec_says_and_the_job_waits_for_the_deletions(AfterSuccess rule, int kept)
    {
        var scene = new Scene(new JobTerms { HasCheckpoints = true, Keep = 2, AfterSuccess = rule }).Reach(AttemptPhase.Running);
        scene.Checkpoint(1, 10);
        scene.Checkpoint(2, 20);
        scene.Exit(0);
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now });
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        scene.Listed = null;
        scene.Tick(1, new DestroyReplied(1, "i1", true));

        Assert.Equal(kept == 2, scene.State.Phase == JobPhase.Succeeded);
        scene.Tick(1, [.. scene.Owed.OfType<DeleteCheckpoint>().Select(d => new CheckpointErased(d.Checkpoint.ManifestKey))]);

        Assert.Equal((JobPhase.Succeeded, kept), (scene.State.Phase, scene.State.Checkpoints.Length));
    }

    private static CheckpointRef Ref(int attempt, int ordinal, long step) => new()
    {
        Attempt = attempt, Ordinal = ordinal, ManifestKey = Scene.Key(attempt, ordinal), Entry = $"step-{step}", Step = step,
    };
}
