using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>A decision that throws is a job that nobody can end any more: whatever a host says, there is one.</summary>
public sealed class HostileHostTests
{
    [Fact]
    public void Nothing_a_host_says_stops_the_job_from_being_decided()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);

        scene.Say(
            s => new CheckpointStored(int.MinValue, null!, null!, long.MinValue, long.MinValue, -1, TimeSpan.MinValue) { Seq = s, At = DateTimeOffset.MinValue },
            s => new CheckpointStored(1, Scene.Key(1, 1), null!, 1, 1, 1, default) { Seq = s, At = default },
            s => new HostProblem(null!) { Seq = s, At = default },
            s => new CheckpointDiscarded(null!, null!) { Seq = s, At = default },
            s => new StageRefused((StageRefusal)99, null, null!) { Seq = s, At = default },
            s => new SaveDone(long.MinValue, null, null!) { Seq = s, At = default },
            s => new DrainDone(true, true, null!) { Seq = s, At = default },
            s => new RetireDone(null!) { Seq = s, At = default },
            s => new TrainerEnded { Seq = s, At = default, ExitCode = int.MinValue, Step = long.MinValue, Tail = null! });

        Assert.Equal(EndReason.TrainerFailed, scene.Newest.Reason);
        Assert.Empty(scene.State.Unverified);
    }

    [Fact]
    public void A_host_that_complains_without_end_does_not_fill_the_timeline()
    {
        var scene = new Scene().Reach(AttemptPhase.Running);

        var notes = 0;
        for (var i = 0; i < 50; i++)
        {
            notes += scene.Say([.. Enumerable.Repeat<Func<long, AgentEvent>>(s => new HostProblem($"no {s}") { Seq = s, At = default }, 20)]).OfType<ProblemNoted>().Count();
        }

        Assert.Equal(200, notes);
        scene.Tick(1, new CancelCommand("eva"));
        Assert.Equal(EndReason.Cancelled, scene.Newest.Reason);
    }

    /// <summary>Every row may come a second time: effects are repeated, and people press twice.</summary>
    [Fact]
    public void Rows_that_come_twice_change_nothing_the_second_time()
    {
        var scene = new Scene(new JobTerms { MaxTotal = Money.FromDollars(5) });
        scene.Tick(1);
        InboxItem reply = new LaunchReplied(1, 1, "i1");
        scene.Tick(1, reply, reply);
        Assert.Equal("i1", scene.Newest.InstanceId);
        Assert.Empty(scene.Newest.Extras);
        Assert.Empty(scene.Tick(1, reply));

        scene.Tick(1, new PauseCommand("eva"), new PauseCommand("eva"));
        Assert.Equal(EndReason.Paused, scene.Newest.Reason);
        scene.Tick(1, new CancelCommand("eva"), new CancelCommand("eva"));
        InboxItem gone = new DestroyReplied(1, "i1", true);
        scene.Tick(1, gone, gone);

        Assert.Equal(JobPhase.Cancelled, scene.State.Phase);
        Assert.Empty(scene.Tick(1, gone, new ResumeCommand("eva", null)));
    }

    [Theory]
    [InlineData(AttemptPhase.Launching)]
    [InlineData(AttemptPhase.Booting)]
    [InlineData(AttemptPhase.Connecting)]
    [InlineData(AttemptPhase.Checking)]
    [InlineData(AttemptPhase.Staging)]
    [InlineData(AttemptPhase.Running)]
    [InlineData(AttemptPhase.Draining)]
    public void A_cancel_ends_an_attempt_in_every_phase(AttemptPhase phase)
    {
        var scene = new Scene().Reach(phase);
        if (phase == AttemptPhase.Draining)
        {
            scene.Tick(1, new PauseCommand("eva"));
        }

        Assert.Equal(phase, scene.Newest.Phase);

        scene.Tick(1, new CancelCommand("eva"));
        Assert.Equal(JobPhase.Cancelled, scene.State.Verdict?.Phase);
        scene.Listed = phase == AttemptPhase.Launching ? InstanceStatus.Booting : scene.Listed;
        scene.Tick(1);
        if (scene.Newest.Phase == AttemptPhase.Draining)
        {
            scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now });
        }

        if (scene.Newest.Phase == AttemptPhase.Cleaning)
        {
            scene.Say(s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        }

        Assert.Contains(scene.Owed, e => e is DestroyInstance { InstanceId: "i1" });
        scene.Listed = null;
        scene.Tick(1, new DestroyReplied(1, "i1", true));

        Assert.Equal((JobPhase.Cancelled, AttemptPhase.Ended), (scene.State.Phase, scene.Newest.Phase));
    }

    [Fact]
    public void A_paused_job_is_cancelled_at_once()
    {
        var scene = new Scene().Reach(AttemptPhase.Booting);
        scene.Tick(1, new PauseCommand("eva"));
        scene.Tick(1, new DestroyReplied(1, "i1", true));
        Assert.Equal(JobPhase.Paused, scene.State.Phase);

        scene.Tick(1, new CancelCommand("eva"));

        Assert.Equal(JobPhase.Cancelled, scene.State.Phase);
    }
}
