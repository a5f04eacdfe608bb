using System.Globalization;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>Servers that go away while jobs train.</summary>
[Collection(ChaosCollection.Name)]
public sealed class ServerChaosTests(TestServer server)
{
    /// <summary><see cref="LongDrills"/> run the ten minutes of the promise; the suite runs seconds of it.</summary>
    private static readonly TimeSpan Away = LongDrills.Wanted ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(10);

    [Fact]
    public async Task While_the_server_is_away_training_goes_on_and_its_checkpoints_are_stored_when_it_returns()
    {
        const double Pace = 0.08;
        var plan = new TrainerPlan { Name = "server-away", Seed = 21, Pace = Pace, Steps = (int)((Away.TotalSeconds + 8) / Pace), Every = 12 };
        var job = await server.SubmitAsync(plan);
        var trainer = await server.ProcessAsync(job, "trainer");
        var folder = trainer.Environment["ORCHESTRATOR_CHECKPOINT_DIR"];
        await Wait.UntilAsync(() => NewestStep(folder) > 0, "a checkpoint", TestServer.Patience);
        await server.Server.KillAsync();
        var left = NewestStep(folder);
        var atLeast = left + (int)(Away.TotalSeconds / Pace / 2);
        await Task.Delay(Away);
        var reached = NewestStep(folder);
        Assert.True(reached >= atLeast, $"training stood still while the server was away: {left} -> {reached}");

        await server.RestartAsync();

        await Wait.UntilAsync(
            () => StoreLook.Manifests(server.Site, plan.Name, job).Any(path => StoreLook.Read(server.Site, path) is { Fault: null } good && good.Step >= reached),
            $"step {reached} in the store",
            TestServer.Patience);
        var ended = await server.SucceedsAsync(plan, job);
        Assert.Single(ended["attempts"]!.AsArray());
        Assert.Single(plan.Ledger(server.Site), line => line.Kind == "start");
    }

    /// <summary>Killed when the pre-flight was ordered, away for longer than the host may take to answer it.</summary>
    [Fact]
    public async Task A_host_that_could_not_answer_while_the_server_was_away_is_not_given_up()
    {
        var own = new TestServer();
        own.Environment["ORCHESTRATOR_TUNING"] = TestServer.Tuning + ",attend=1,check=20";
        own.Environment["ORCHESTRATOR_FAILPOINT"] = "command-stored:1:kill";
        await own.InitializeAsync();
        try
        {
            var plan = new TrainerPlan { Name = "away-at-start", Seed = 23, Steps = 30 };
            var job = await own.SubmitAsync(plan);
            await Wait.UntilAsync(() => own.Server.HasExited, "the fail point", TestServer.Patience);
            own.Environment.Remove("ORCHESTRATOR_FAILPOINT");
            await Task.Delay(TimeSpan.FromSeconds(25));

            await own.RestartAsync();

            var ended = await own.SucceedsAsync(plan, job);
            Assert.Single(ended["attempts"]!.AsArray());
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_two_servers_on_one_database_the_other_carries_on_when_one_is_killed()
    {
        var first = server.Server;
        await server.RestartAsync(beside: true);
        TrainerPlan[] plans = [.. Enumerable.Range(1, 2).Select(number => new TrainerPlan { Name = $"two-servers-{number}", Seed = 30 + number, IsHeld = true })];
        List<long> jobs = [];
        foreach (var plan in plans)
        {
            jobs.Add(await first.Api.SubmitAsync(plan.Write(server.Site, TestServer.Products)));
        }

        await server.ProcessAsync(jobs[^1], "trainer");
        await first.KillAsync();
        Array.ForEach(plans, plan => plan.Release(server.Site));

        foreach (var (plan, job) in plans.Zip(jobs))
        {
            var ended = await server.SucceedsAsync(plan, job);
            Assert.Single(ended["attempts"]!.AsArray());
        }

        // The next test finds the first server's place taken by an ordinary one.
        await server.RestartAsync();
    }

    private static int NewestStep(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, "step-*").Select(entry => int.Parse(Path.GetFileName(entry)["step-".Length..], CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max()
        : 0;
}
