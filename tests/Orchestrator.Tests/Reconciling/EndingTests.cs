using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class EndingTests
{
    [Fact]
    public void A_job_goes_from_submit_to_success()
    {
        var scene = new Scene();
        scene.Reach(AttemptPhase.Running);
        Assert.Equal(AttemptPhase.Running, scene.Newest.Phase);

        scene.Exit(0);
        Assert.Equal((AttemptPhase.Draining, EndReason.Succeeded), (scene.Newest.Phase, scene.Newest.Reason));
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now });
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        Assert.Contains(scene.Owed, e => e is DestroyInstance { InstanceId: "i1" });
        scene.Tick(1, new DestroyReplied(1, "i1", false));
        Assert.Equal(JobPhase.Active, scene.State.Phase);
        scene.Listed = null;
        scene.Tick(1);

        Assert.Equal((JobPhase.Succeeded, true), (scene.State.Phase, scene.Newest.Wiped));
        Assert.Empty(scene.Owed);
        Assert.Equal(DateTimeOffset.MaxValue, Kernel.NextDue(scene.State, scene.Policies, scene.Now));
    }

    [Fact]
    public void An_accepted_destroy_that_a_later_list_refutes_ends_no_cost_until_one_takes_effect()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        scene.Exit(0);
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now });
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        scene.AgentTalks = false;
        scene.Tick(1, new DestroyReplied(1, "i1", false));
        var accepted = scene.State.SpentAt(scene.Now);

        // Lists lag: within the settling time one that shows it says nothing.
        Assert.Empty(scene.Tick(5));
        Assert.Equal(accepted, scene.State.SpentAt(scene.Now));

        Assert.Contains(scene.Tick(3600), e => e is AbsenceRefuted);
        Assert.True(scene.State.SpentAt(scene.Now) >= accepted + Money.FromDollars(1), $"{scene.State.SpentAt(scene.Now)} after {accepted}");
        Assert.Equal(1, scene.Newest.Instances(withUnsettled: true));
        Assert.Contains(scene.Owed, e => e is DestroyInstance { InstanceId: "i1" });

        scene.Tick(1, new DestroyReplied(1, "i1", false));
        var again = scene.State.SpentAt(scene.Now);
        scene.Listed = null;
        scene.Tick(60);

        Assert.Equal((JobPhase.Succeeded, again), (scene.State.Phase, scene.Newest.Cost));
        Assert.Empty(scene.Owed);
    }

    [Fact]
    public void What_says_of_itself_that_it_is_being_destroyed_has_a_while_for_it()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        scene.Exit(0);
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now });
        scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        scene.AgentTalks = false;
        scene.Listed = InstanceStatus.Terminating;
        scene.Tick(1, new DestroyReplied(1, "i1", false));

        Assert.DoesNotContain(scene.Tick(600), e => e is AbsenceRefuted);
        Assert.Contains(scene.Tick(3600), e => e is AbsenceRefuted);
    }

    [Theory]
    [InlineData(3, false, false, false, EndReason.TrainerFailed)]
    [InlineData(137, true, false, false, EndReason.OutOfMemory)]
    [InlineData(1, false, true, false, EndReason.SetupFailed)]
    [InlineData(127, false, false, true, EndReason.BadOrder)]
    public void The_users_own_failure_is_no_interruption_and_ends_the_job_with_the_last_line(int code, bool oom, bool setup, bool notStarted, EndReason reason)
    {
        var scene = new Scene().Reach(AttemptPhase.Running);

        scene.Say(s => new TrainerEnded { Seq = s, At = scene.Now, ExitCode = code, OutOfMemory = oom, InSetup = setup, NotStarted = notStarted, Tail = "one\nKeyError: 'x'\n" });

        Assert.Equal((reason, 0), (scene.Newest.Reason, scene.State.Interruptions));
        Assert.Equal(JobPhase.Failed, scene.State.Verdict?.Phase);
        Assert.EndsWith("KeyError: 'x'", scene.State.Verdict?.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(143, false)]
    [InlineData(1, true)]
    public void A_trainer_that_ends_because_its_host_goes_down_neither_succeeded_nor_failed(int code, bool setup)
    {
        var scene = new Scene().Reach(AttemptPhase.Running);

        scene.Say(s => new TrainerEnded { Seq = s, At = scene.Now, ExitCode = code, InSetup = setup, HostLeaves = true });

        Assert.Equal((EndReason.HostLeaves, JobPhase.Recovering, 1), (scene.Newest.Reason, scene.State.Phase, scene.State.Interruptions));
        Assert.Equal(0, scene.State.UserFailures);
        Assert.Contains("told to go down", scene.Newest.Why, StringComparison.Ordinal);
    }

    /// <summary>The trainer did nothing wrong, and what it has stored must be there to go on from once there is room.</summary>
    [Theory]
    [InlineData(0, false, JobPhase.Paused)]
    [InlineData(0, true, JobPhase.Paused)]
    [InlineData(1, false, null)]
    public void A_full_disk_pauses_the_job_with_its_reason_where_it_is_not_tried_again(int restarts, bool setup, JobPhase? verdict)
    {
        var scene = new Scene(new JobTerms { HasCheckpoints = true, Restarts = restarts }).Reach(AttemptPhase.Running);
        var kept = scene.Checkpoint(1, 10);

        scene.Say(s => new TrainerEnded { Seq = s, At = scene.Now, ExitCode = 1, InSetup = setup, DiskFull = true, Tail = "OSError: [Errno 28] No space left on device" });

        Assert.Equal((EndReason.DiskFull, verdict), (scene.Newest.Reason, scene.State.Verdict?.Phase));
        Assert.Contains("orchestrator resume", scene.Newest.Why, StringComparison.Ordinal);
        Assert.Equal(kept, Assert.Single(scene.State.Checkpoints));
    }

    /// <summary>A larger disk would be paid for and end the same way, so nobody is told to get one, whatever an older agent calls it.</summary>
    [Theory]
    [InlineData("RuntimeError: unable to write to file </torch_7_1_0>: No space left on device (28)", true)]
    [InlineData("NCCL WARN Error while creating shared memory segment /dev/shm/nccl-x: No space left on device (28)", false)]
    [InlineData("RuntimeError: DataLoader worker (pid 7) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory.", false)]
    public void A_full_shared_memory_is_no_full_disk(string line, bool diskFull)
    {
        var scene = new Scene().Reach(AttemptPhase.Running);

        scene.Say(s => new TrainerEnded { Seq = s, At = scene.Now, ExitCode = 1, DiskFull = diskFull, Tail = line });

        Assert.Equal(EndReason.TrainerFailed, scene.Newest.Reason);
        Assert.Contains("Raise resources.shm", scene.Newest.Why, StringComparison.Ordinal);
    }

    /// <summary>What is no container shares its user's home with what else that user does there.</summary>
    [Theory]
    [InlineData(true, "the host is wiped")]
    [InlineData(false, "the host is wiped, but for the user's home and /tmp")]
    public void A_wipe_says_what_it_did_not_look_at(bool image, string words)
    {
        var scene = new Scene(new JobTerms { HasImage = image });
        scene.Reach(AttemptPhase.Running).Exit(0);
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now });
        var events = scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });

        Assert.Equal(words, Assert.Single(events.OfType<AttemptCleaned>()).Why);
    }

    [Theory]
    [InlineData(1, new int[0], 1, true)]
    [InlineData(0, new int[0], 1, false)]
    [InlineData(1, new[] { 75 }, 1, false)]
    [InlineData(1, new[] { 75 }, 75, true)]
    public void A_failure_is_retried_only_as_on_failure_says(int restarts, int[] codes, int code, bool retried)
    {
        var scene = new Scene(new JobTerms { Restarts = restarts, RestartOn = [.. codes] }).Reach(AttemptPhase.Running);

        scene.Exit(code);

        Assert.Equal(retried ? JobPhase.Recovering : JobPhase.Active, scene.State.Phase);
        Assert.Equal(retried, scene.State.Verdict is null);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_success_whose_result_is_not_stored_is_the_hosts_failure(bool outputs, bool checkpoint)
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        scene.Exit(0);

        scene.Say(s => new DrainDone(outputs, checkpoint, "store refused") { Seq = s, At = scene.Now });

        Assert.Equal((EndReason.HostFailed, JobPhase.Recovering, 1), (scene.Newest.Reason, scene.State.Phase, scene.State.Interruptions));
        Assert.Contains("store refused", scene.Newest.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AttemptPhase.Launching, AttemptPhase.Terminating)]
    [InlineData(AttemptPhase.Booting, AttemptPhase.Terminating)]
    [InlineData(AttemptPhase.Connecting, AttemptPhase.Terminating)]
    [InlineData(AttemptPhase.Checking, AttemptPhase.Terminating)]
    [InlineData(AttemptPhase.Staging, AttemptPhase.Cleaning)]
    [InlineData(AttemptPhase.Running, AttemptPhase.Draining)]
    public void Cancel_works_in_every_phase(AttemptPhase phase, AttemptPhase next)
    {
        var scene = new Scene().Reach(phase);

        scene.Tick(1, new CancelCommand("eva"));

        Assert.Equal((next, EndReason.Cancelled, JobPhase.Cancelled), (scene.Newest.Phase, scene.Newest.Reason, scene.State.Verdict!.Phase));
    }

    [Fact]
    public void Cancel_now_stores_nothing_more_also_as_a_second_thought()
    {
        var atOnce = new Scene().Reach(AttemptPhase.Running);
        var hurried = new Scene().Reach(AttemptPhase.Running);

        atOnce.Tick(1, new CancelCommand("eva", Now: true));
        hurried.Tick(1, new CancelCommand("eva"));
        hurried.Tick(1, new CancelCommand("eva", Now: true));

        Assert.Equal((AttemptPhase.Cleaning, EndReason.Cancelled, JobPhase.Cancelled), (atOnce.Newest.Phase, atOnce.Newest.Reason, atOnce.State.Verdict!.Phase));
        Assert.Equal((AttemptPhase.Cleaning, EndReason.Cancelled, JobPhase.Cancelled), (hurried.Newest.Phase, hurried.Newest.Reason, hurried.State.Verdict!.Phase));
    }

    [Fact]
    public void A_cancel_now_does_not_wait_for_what_a_pause_or_a_failure_began_to_store()
    {
        var paused = new Scene().Reach(AttemptPhase.Running);
        var failed = new Scene(new JobTerms { HasCheckpoints = true, Restarts = 1 }).Reach(AttemptPhase.Running);
        paused.Tick(1, new PauseCommand("eva"));
        failed.Exit(1);
        Assert.Equal((AttemptPhase.Draining, AttemptPhase.Draining), (paused.Newest.Phase, failed.Newest.Phase));

        paused.Tick(1, new CancelCommand("eva", Now: true));
        failed.Tick(1, new CancelCommand("eva"));
        failed.Tick(1, new CancelCommand("eva", Now: true));

        Assert.Equal((AttemptPhase.Cleaning, JobPhase.Cancelled), (paused.Newest.Phase, paused.State.Verdict!.Phase));
        Assert.Equal((AttemptPhase.Cleaning, EndReason.TrainerFailed), (failed.Newest.Phase, failed.Newest.Reason));
    }

    [Fact]
    public void A_cancel_now_does_not_cut_off_a_success_that_is_being_stored()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        scene.Exit(0);

        scene.Tick(1, new CancelCommand("eva", Now: true));

        Assert.Equal(AttemptPhase.Draining, scene.Newest.Phase);
    }

    [Fact]
    public void A_cancel_while_a_success_is_stored_leaves_it_a_success()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);
        scene.Exit(0);

        scene.Tick(1, new CancelCommand("eva"));
        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now });

        Assert.Equal(JobPhase.Succeeded, scene.State.Verdict?.Phase);
    }

    [Theory]
    [InlineData(0, "the trainer is not running yet")]
    [InlineData(1, "the spec does not say how")]
    public void A_checkpoint_that_cannot_be_asked_for_is_answered_with_words(int which, string words)
    {
        var scene = which == 0
            ? new Scene().Reach(AttemptPhase.Booting)
            : new Scene(new JobTerms { HasCheckpoints = true }).Reach(AttemptPhase.Running);

        var note = Assert.IsType<ProblemNoted>(Assert.Single(scene.Tick(1, new SaveCommand("eva") { Id = 4 }).Where(e => e is not PhaseEntered)));

        Assert.Contains(words, note.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_asked_for_is_owed_until_it_is_answered()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);

        scene.Tick(1, new SaveCommand("eva") { Id = 4 });
        Assert.Contains(scene.Owed, e => e is CommandAgent { Key: "save:4", Command: SaveNow { Request: 4 } });
        scene.Say(s => new SaveDone(4, Scene.Key(1, 1), "") { Seq = s, At = scene.Now });

        Assert.Empty(scene.Owed);
    }
}
