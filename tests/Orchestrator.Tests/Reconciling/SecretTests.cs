using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class SecretTests
{
    [Fact]
    public void A_job_whose_secret_is_gone_pauses_with_that_reason_and_goes_on_when_it_is_back()
    {
        var scene = new Scene(new JobTerms()).Reach(AttemptPhase.Staging);
        scene.Say(s => new FilesStaged(null, 1) { Seq = s, At = scene.Now });
        var unfilled = new OrderUnfilled(1, "secret hf is not there; store it: orchestrator secret set hf");

        scene.Tick(1, unfilled, unfilled);

        Assert.Equal((EndReason.SecretMissing, AttemptPhase.Draining), (scene.Newest.Reason, scene.Newest.Phase));
        Assert.DoesNotContain(scene.Owed, e => e is CommandAgent { Command: StartTrainer });
        Assert.Equal(JobPhase.Paused, scene.State.Verdict?.Phase);
        Assert.Contains("orchestrator secret set hf", scene.State.PhaseReason, StringComparison.Ordinal);
        Assert.Equal((0, 0), (scene.State.Interruptions, scene.State.UserFailures));

        scene.Say(s => new DrainDone(true, true, "") { Seq = s, At = scene.Now }, s => new HostCleaned(true, "") { Seq = s, At = scene.Now });
        scene.Tick(1, new DestroyReplied(1, "i1", true));
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
        scene.Tick(1, new ResumeCommand("eva", null));

        Assert.Equal(2, scene.State.Attempts.Length);
    }

    [Fact]
    public void A_trainer_that_runs_does_not_care()
    {
        var scene = new Scene(new JobTerms()).Reach(AttemptPhase.Running);

        Assert.Empty(scene.Tick(1, new OrderUnfilled(1, "secret hf is not there"), new OrderUnfilled(9, "of no attempt")));
    }
}
