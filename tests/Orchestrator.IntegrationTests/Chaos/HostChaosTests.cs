using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>What dies on the host of a job.</summary>
[Collection(ChaosCollection.Name)]
public sealed class HostChaosTests(TestServer server)
{
    [Fact]
    public async Task An_agent_that_is_killed_is_started_again_while_training_goes_on()
    {
        var plan = new TrainerPlan { Name = "agent-killed", Seed = 11, IsHeld = true };
        var job = await server.SubmitAsync(plan);
        var trainer = await server.ProcessAsync(job, "trainer");
        Signals.Send(await server.ProcessAsync(job, "run"), Signals.Kill);
        plan.Release(server.Site);

        var ended = await server.SucceedsAsync(plan, job);

        Assert.Single(ended["attempts"]!.AsArray());
        Assert.Single(plan.Ledger(server.Site), line => line.Kind == "start");
    }

    [Fact]
    public async Task An_agent_and_its_supervisor_killed_leave_no_orphan_and_the_job_resumes()
    {
        var plan = new TrainerPlan { Name = "host-killed", Seed = 12, IsHeld = true };
        var job = await server.SubmitAsync(plan);
        await server.ProcessAsync(job, "trainer");
        Signals.Send(await server.ProcessAsync(job, "supervise"), Signals.Kill);
        Signals.Send(await server.ProcessAsync(job, "run"), Signals.Kill);
        plan.Release(server.Site);

        await server.SucceedsAsync(plan, job);
    }

    [Fact]
    public async Task A_trainer_that_is_killed_is_the_jobs_own_failure_and_resumes_as_on_failure_says()
    {
        var plan = new TrainerPlan { Name = "trainer-killed", Seed = 13, IsHeld = true, Extra = "on-failure: {restarts: 1}" };
        var job = await server.SubmitAsync(plan);
        var trainer = await server.ProcessAsync(job, "trainer");
        await UntilStoredAsync(plan, job, 2);
        Signals.Send(trainer, Signals.Kill);
        plan.Release(server.Site);

        var ended = await server.SucceedsAsync(plan, job);

        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        Assert.Equal(0, ended["interruptions"]!.GetValue<int>());
        Assert.True(plan.Ledger(server.Site).Last(line => line.Kind == "start").Step > 0);
    }

    [Fact]
    public async Task A_trainer_that_is_killed_without_restarts_fails_the_job_with_its_exit_code()
    {
        var plan = new TrainerPlan { Name = "trainer-failed", Seed = 14, IsHeld = true };
        var job = await server.SubmitAsync(plan);
        var trainer = await server.ProcessAsync(job, "trainer");
        Signals.Send(trainer, Signals.Kill);

        var ended = await server.UntilAsync(job, "failed", "succeeded");

        Assert.Equal("failed", ended["state"]!.GetValue<string>());
        Assert.Equal(137, ended["exitCode"]!.GetValue<int>());
        await server.NothingLeftAsync(job);
    }

    [Fact]
    public async Task Agent_and_trainer_killed_together_lose_nothing_that_was_stored()
    {
        var plan = new TrainerPlan { Name = "both-killed", Seed = 15, IsHeld = true, Extra = "on-failure: {restarts: 1}" };
        var job = await server.SubmitAsync(plan);
        var trainer = await server.ProcessAsync(job, "trainer");
        var agent = await server.ProcessAsync(job, "run");
        await UntilStoredAsync(plan, job, 2);
        Signals.Send(agent, Signals.Kill);
        Signals.Send(trainer, Signals.Kill);
        plan.Release(server.Site);

        await server.SucceedsAsync(plan, job);

        Assert.True(plan.Ledger(server.Site).Last(line => line.Kind == "start").Step > 0);
    }

    private Task UntilStoredAsync(TrainerPlan plan, long job, int count) =>
        Wait.UntilAsync(() => StoreLook.Manifests(server.Site, plan.Name, job).Count >= count, $"{count} checkpoints", TestServer.Patience);
}
