using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

public sealed class HostRefusedTests
{
    private static readonly JobTerms _inImage = new() { HasImage = true };

    [Theory]
    [InlineData(AttemptPhase.Booting)]
    [InlineData(AttemptPhase.Connecting)]
    public void An_image_that_cannot_be_used_pauses_the_job_with_that_reason_and_nothing_is_left_rented(AttemptPhase phase)
    {
        var scene = new Scene(_inImage).Reach(phase);
        var refused = new HostRefused(1, HostFault.Image, "there is no image ghcr.io/acme/trainer:1");

        scene.Tick(1, refused, refused);

        Assert.Equal((EndReason.ImageUnusable, AttemptPhase.Terminating), (scene.Newest.Reason, scene.Newest.Phase));
        Assert.Contains(scene.Owed, effect => effect is DestroyInstance);
        Assert.Equal(JobPhase.Paused, scene.State.Verdict?.Phase);
        Assert.Contains("there is no image ghcr.io/acme/trainer:1; then: orchestrator resume job", scene.State.PhaseReason, StringComparison.Ordinal);
        Assert.Equal((0, 0), (scene.State.Interruptions, scene.State.UserFailures));

        scene.Tick(1, new DestroyReplied(1, "i1", true));
        Assert.Equal(JobPhase.Paused, scene.State.Phase);
        scene.Tick(1, new ResumeCommand("eva", null));

        Assert.Equal(2, scene.State.Attempts.Length);
    }

    [Fact]
    public void A_machine_that_cannot_run_it_is_left_for_another()
    {
        var scene = new Scene(_inImage).Reach(AttemptPhase.Connecting);
        scene.Offers = [Scene.Offer("o1", "sim/1", 1m), Scene.Offer("o2", "sim/2", 2m)];

        scene.Tick(1, new HostRefused(1, HostFault.Machine, "its disk is full"));
        scene.Tick(1, new DestroyReplied(1, "i1", true));
        scene.Tick(60);

        Assert.Equal(EndReason.CheckFailed, scene.State.Attempts[0].Reason);
        Assert.Contains("its disk is full", scene.State.Attempts[0].Why, StringComparison.Ordinal);
        Assert.Equal("sim/2", scene.Newest.Offer.Host);
    }

    [Fact]
    public void A_machine_that_the_registry_denies_the_image_is_left_for_another_and_the_second_denial_pauses_the_job()
    {
        var scene = Denied(Scene.Offer("o1", "sim/1", 1m), Scene.Offer("o2", "sim/2", 2m));
        scene.Tick(60);
        Assert.Equal((EndReason.ImageDenied, "sim/2"), (scene.State.Attempts[0].Reason, scene.Newest.Offer.Host));
        scene.Reach(AttemptPhase.Connecting);

        scene.Tick(1, new HostRefused(2, HostFault.Denied, "the registry does not let sim/2 pull it"));

        Assert.Equal(EndReason.ImageUnusable, scene.Newest.Reason);
        Assert.Equal(JobPhase.Paused, scene.State.Verdict?.Phase);
        Assert.Contains("does not let sim/2 pull it; then: orchestrator resume job", scene.State.PhaseReason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_only_machine_that_the_registry_denies_the_image_is_asked_again_later_and_a_free_one_at_once()
    {
        var scene = Denied(Scene.Offer("o1", "sim/1", 1m));
        scene.Tick(60);
        Assert.Equal((JobPhase.Waiting, 1), (scene.State.Phase, scene.State.Attempts.Length));
        Assert.Contains("does not let sim/1 pull it", scene.State.PhaseReason, StringComparison.Ordinal);
        Assert.Empty(scene.Tick(60));

        var free = Denied(Scene.Offer("o1", "sim/1", 1m));
        free.Tick(60);
        free.Offers = [Scene.Offer("o1", "sim/1", 1m), Scene.Offer("o2", "sim/2", 2m)];
        free.Tick(30);
        Assert.Equal("sim/2", free.Newest.Offer.Host);

        scene.Tick(scene.Policies.DeniedWait.TotalSeconds);
        Assert.Equal((2, "sim/1"), (scene.State.Attempts.Length, scene.Newest.Offer.Host));
    }

    [Fact]
    public void A_person_who_resumes_begins_the_search_anew()
    {
        var scene = Denied(Scene.Offer("o1", "sim/1", 1m), Scene.Offer("o2", "sim/2", 2m), Scene.Offer("o3", "sim/3", 3m));
        scene.Tick(60);
        scene.Reach(AttemptPhase.Connecting);
        scene.Tick(1, new HostRefused(2, HostFault.Image, "no"));
        scene.Tick(1, new DestroyReplied(2, "i2", true));
        scene.Tick(1, new ResumeCommand("eva", null));
        scene.Tick(60);
        scene.Reach(AttemptPhase.Connecting);

        scene.Tick(1, new HostRefused(3, HostFault.Denied, "no"));

        Assert.Equal(EndReason.ImageDenied, scene.State.Attempts[2].Reason);
        Assert.Null(scene.State.Verdict);
    }

    private static Scene Denied(params Offer[] offers)
    {
        var scene = new Scene(_inImage).Reach(AttemptPhase.Connecting);
        scene.Offers = [.. offers];
        scene.Tick(1, new HostRefused(1, HostFault.Denied, "the registry does not let sim/1 pull it"));
        scene.Tick(1, new DestroyReplied(1, "i1", true));
        return scene;
    }

    [Fact]
    public void A_refusal_that_comes_late_or_speaks_of_no_attempt_changes_nothing()
    {
        var scene = new Scene(_inImage).Reach(AttemptPhase.Running);

        Assert.Empty(scene.Tick(1, new HostRefused(1, HostFault.Image, "no"), new HostRefused(9, HostFault.Machine, "no")));
    }

    [Theory]
    [InlineData(HostKind.Machine, true)]
    [InlineData(HostKind.Container, false)]
    public void A_machine_gets_time_to_pull_the_image(HostKind kind, bool waits)
    {
        var scene = new Scene(_inImage) { Offers = [Scene.Offer("o1", "sim/1", 1m) with { HostKind = kind }] }.Reach(AttemptPhase.Connecting);

        scene.Tick((scene.Policies.Connect + TimeSpan.FromMinutes(1)).TotalSeconds);

        Assert.Equal(waits, scene.Newest.Phase == AttemptPhase.Connecting);
        Assert.Equal(waits ? EndReason.None : EndReason.NeverConnected, scene.Newest.Reason);
    }

    [Fact]
    public void A_machine_that_nobody_gets_into_is_given_up_though_an_image_would_have_to_be_pulled_there()
    {
        var scene = new Scene(_inImage) { Offers = [Scene.Offer("o1", "sim/1", 1m) with { HostKind = HostKind.Machine }] }.Reach(AttemptPhase.Connecting);
        (scene.NeverReached, scene.Unreached) = (true, "cannot be reached yet: it does not accept the key");

        var events = scene.Tick((scene.Policies.Connect + TimeSpan.FromMinutes(1)).TotalSeconds);

        Assert.Equal(EndReason.NeverConnected, scene.Newest.Reason);
        Assert.Contains("does not accept the key", events.OfType<AttemptEnding>().Single().Why, StringComparison.Ordinal);
    }
}
