using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Embedded;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>A database that stops, and one that comes back from the past.</summary>
[Collection(ChaosCollection.Name)]
public sealed class DatabaseChaosTests(TestServer server)
{
    /// <summary><see cref="LongDrills"/> run the 30 seconds of the promise. The suite's are longer than what a channel may be silent.</summary>
    private static readonly TimeSpan Away = LongDrills.Wanted ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_database_that_stops_for_a_while_costs_time_only()
    {
        var plan = new TrainerPlan { Name = "database-away", Seed = 71, Steps = (int)((Away.TotalSeconds + 8) / 0.08), Every = 12 };
        var job = await server.SubmitAsync(plan);
        await server.ProcessAsync(job, "trainer");
        await EmbeddedPostgres.StopAsync(server.Site.Data, NullLogger.Instance, CancellationToken.None);
        await Task.Delay(Away);
        Assert.False(server.Server.HasExited, server.Server.Tail());
        await EmbeddedPostgres.EnsureRunningAsync(server.Site.Data, NullLogger.Instance, CancellationToken.None);

        var ended = await server.SucceedsAsync(plan, job);

        Assert.Single(ended["attempts"]!.AsArray());
        Assert.Single(plan.Ledger(server.Site), line => line.Kind == "start");
    }

    /// <summary>Its sockets stay open and nothing comes through them: worse than being refused.</summary>
    [Fact]
    public async Task A_database_that_hangs_for_a_while_costs_time_only()
    {
        var plan = new TrainerPlan { Name = "database-hung", Seed = 75, Steps = (int)((Away.TotalSeconds + 8) / 0.08), Every = 12 };
        var job = await server.SubmitAsync(plan);
        await server.ProcessAsync(job, "trainer");
        var postgres = server.Site.Processes().Where(process => Array.Exists(process.Arguments, argument => argument.Contains("postgres", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(postgres);
        try
        {
            postgres.ForEach(process => Signals.Send(process, Signals.Stop));
            await Task.Delay(Away);
            Assert.False(server.Server.HasExited, server.Server.Tail());
        }
        finally
        {
            postgres.ForEach(process => Signals.Send(process, Signals.Continue));
        }

        var ended = await server.SucceedsAsync(plan, job);

        Assert.Single(ended["attempts"]!.AsArray());
        Assert.Single(plan.Ledger(server.Site), line => line.Kind == "start");
    }

    [Fact]
    public async Task A_database_restored_from_the_past_destroys_and_launches_nothing_until_a_person_confirms()
    {
        // An installation of its own: a new epoch begins in it.
        var own = new TestServer();
        await own.InitializeAsync();
        try
        {
            var plan = new TrainerPlan { Name = "restored", Seed = 72, IsHeld = true };
            var job = await own.SubmitAsync(plan);
            await own.ProcessAsync(job, "trainer");
            await own.Server.KillAsync();
            await OnStoppedClusterAsync(own, "cp -a \"$0/pg\" \"$0/pg.dump\"");

            // It runs on: the instance is lost, another attempt begins.
            await own.RestartAsync();
            await Wait.UntilAsync(() => StoreLook.Manifests(own.Site, plan.Name, job).Count >= 1, "a checkpoint", TestServer.Patience);
            await own.Site.KillInstanceAsync(InstanceOf(own, await own.ProcessAsync(job, "trainer")));
            await Wait.UntilAsync(() => plan.Ledger(own.Site).Count(line => line.Kind == "start") == 2, "the second attempt to train", TestServer.Patience);
            var trainer = await own.ProcessAsync(job, "trainer");
            var before = InstanceOf(own, trainer);
            await own.Server.KillAsync();
            await OnStoppedClusterAsync(own, "rm -rf \"$0/pg\" && mv \"$0/pg.dump\" \"$0/pg\"");

            await own.RestartAsync();

            Assert.NotNull((await own.Api.GetAsync("version"))["recovered"]);
            // Several sweeps and time-outs of nothing happening.
            var until = DateTime.UtcNow.AddSeconds(10);
            while (DateTime.UtcNow < until)
            {
                var alive = await own.ProcessAsync(job, "trainer");
                Assert.Equal(trainer.Pid, alive.Pid);
                Assert.Equal(2, plan.Ledger(own.Site).Count(line => line.Kind == "start"));
                Assert.Equal([before], Directory.GetDirectories(own.Site.Instances).Select(Path.GetFileName).Where(name => LiveProcess.All().Any(process => process.Names(Path.Combine(own.Site.Instances, name!)))));
                await Task.Delay(500);
            }

            var refused = await own.Orc("submit", new TrainerPlan { Name = "refused", Seed = 73 }.Write(own.Site, TestServer.Products));
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("recover", refused.Output + refused.Errors, StringComparison.Ordinal);

            var confirmed = await own.Orc("recover", "--confirm");
            Assert.True(confirmed.ExitCode == 0, confirmed.ToString());
            Assert.Null((await own.Api.GetAsync("version"))["recovered"]);
            var next = new TrainerPlan { Name = "after-recovery", Seed = 74 };
            await own.SucceedsAsync(next, await own.SubmitAsync(next));
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static string InstanceOf(TestServer server, LiveProcess trainer) =>
        trainer.Environment["ORCHESTRATOR_CHECKPOINT_DIR"][(server.Site.Instances.Length + 1)..].Split('/')[0];

    /// <summary>What an administrator does with a database: stops it, moves files, and lets the next server start it.</summary>
    private static async Task OnStoppedClusterAsync(TestServer server, string script)
    {
        await EmbeddedPostgres.StopAsync(server.Site.Data, NullLogger.Instance, CancellationToken.None);
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-ec", script, server.Site.Data]);
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}
