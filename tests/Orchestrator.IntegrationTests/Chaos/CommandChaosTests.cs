using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.States;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Ticks;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>What people press at the wrong moment.</summary>
[Collection(ChaosCollection.Name)]
public sealed class CommandChaosTests(TestServer server)
{
    [Fact]
    public async Task A_cancel_at_any_moment_leaves_nothing()
    {
        List<long> jobs = [];
        foreach (var delay in (int[])[0, 150, 500, 1200, 2500, 4500])
        {
            var job = await server.SubmitAsync(new TrainerPlan { Name = $"cancel-{delay}", Seed = 40 + delay, IsHeld = true });
            await Task.Delay(delay);
            await server.Api.PostAsync($"jobs/{job}/cancel");
            jobs.Add(job);
        }

        foreach (var job in jobs)
        {
            var ended = await server.UntilAsync(job, "cancelled", "succeeded", "failed");
            Assert.Equal("cancelled", ended["state"]!.GetValue<string>());
            Assert.Equal(0, ended["instancesLeft"]!.GetValue<int>());
            await server.NothingLeftAsync(job);
        }
    }

    [Fact]
    public async Task Delete_and_requeue_on_ticks_do_no_harm()
    {
        var database = await EmbeddedPostgres.EnsureRunningAsync(server.Site.Data, NullLogger.Instance, CancellationToken.None);
        var storage = new PostgreSqlStorage(new Hangfire.PostgreSql.Factories.NpgsqlConnectionFactory(database, HangfireSetup.StorageOptions), HangfireSetup.StorageOptions);
        // What the dashboard's buttons call.
        var buttons = new BackgroundJobClient(storage);
        var plan = new TrainerPlan { Name = "pressed", Seed = 60 };
        var job = await server.SubmitAsync(plan);
        var pressed = 0;
        while (!(await server.Api.JobAsync(job))["state"]!.GetValue<string>().Equals("succeeded", StringComparison.Ordinal) && pressed < 2000)
        {
            var monitoring = storage.GetMonitoringApi();
            foreach (var id in monitoring.ScheduledJobs(0, 20).Select(one => one.Key).Concat(monitoring.EnqueuedJobs("default", 0, 20).Select(one => one.Key)).Concat(monitoring.ProcessingJobs(0, 5).Select(one => one.Key)))
            {
                pressed += buttons.ChangeState(id, new DeletedState()) ? 1 : 0;
            }

            foreach (var id in monitoring.SucceededJobs(0, 5).Select(one => one.Key).Concat(monitoring.DeletedJobs(0, 5).Select(one => one.Key)))
            {
                pressed += buttons.ChangeState(id, new EnqueuedState()) ? 1 : 0;
            }

            await Task.Delay(100);
        }

        var ended = await server.SucceedsAsync(plan, job);
        Assert.True(pressed > 10, $"only {pressed} buttons pressed");
        Assert.Single(ended["attempts"]!.AsArray());
        Assert.Single(plan.Ledger(server.Site), line => line.Kind == "start");
    }
}
