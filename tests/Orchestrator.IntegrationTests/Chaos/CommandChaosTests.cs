using System.Text.Json.Nodes;
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
    public async Task An_ended_job_is_taken_up_again_from_where_it_stood_and_needs_nothing_of_the_former()
    {
        var plan = new TrainerPlan { Name = "retried", Seed = 70, IsHeld = true };
        var first = await server.SubmitAsync(plan);
        await Wait.UntilAsync(() => StoreLook.Manifests(server.Site, plan.Name, first).Count >= 2, "two checkpoints", TestServer.Patience);
        Refused(await server.Orc("retry", "retried"), "has not ended");
        Refused(await server.Orc("update", "retried", "--deadline", "2020-01-01T00:00+00:00"), "has passed", exitCode: 2);
        var changed = await server.Orc("update", "retried", "--deadline", "2036-01-01T00:00+00:00");
        Assert.True(changed.ExitCode == 0, changed.ToString());
        Assert.Contains("from now on it must be done by 2036-01-01", changed.Output, StringComparison.Ordinal);
        Assert.Equal(2036, (await server.Api.JobAsync(first))["deadline"]?.GetValue<DateTimeOffset>().Year);
        await server.Api.PostAsync($"jobs/{first}/cancel");
        await server.UntilAsync(first, "cancelled");
        Refused(await server.Orc("retry", "retried", "--from-checkpoint", "99"), "no checkpoint 99");

        plan.Release(server.Site);
        string[] retry = ["retry", $"retried#{first}", "--set", "labels.run=second"];
        var both = await Task.WhenAll(BegunAsync(retry), BegunAsync(retry));
        var second = both[0];
        Assert.Equal(second, both[1]);
        Refused(await server.Orc("retry", $"retried#{first}", "--set", "labels.run=third"), $"is retried already, as retried#{second}, with other values");
        await Wait.UntilAsync(async () => (await server.Api.GetAsync($"jobs/{second}/events")).ToJsonString().Contains("copied to begin from", StringComparison.Ordinal), "the copy", TestServer.Patience);
        Directory.Delete(Path.Combine(server.Site.Store, $"jobs/retried-{first}"), recursive: true);
        await server.SucceedsAsync(plan, second);
        Assert.True(plan.Ledger(server.Site).Last(line => line.Kind == "start").Step > 0, "it began at the start");
        Assert.Single(plan.Ledger(server.Site), line => line is { Kind: "start", Step: 0 });
        var said = (await server.Api.GetAsync($"jobs/{second}/events")).ToJsonString();
        Assert.Contains($"retry of retried #{first}, by ", said, StringComparison.Ordinal);
        Refused(await server.Orc("retry", $"retried#{second}"), "nothing to retry");

        var third = await BegunAsync("submit", Path.Combine(server.Site.Work, "retried/retried.yaml"), "--set", "name=begun", "--set", $"checkpoints.start-from=job://{second}");
        await server.SucceedsAsync(plan with { Name = "begun" }, third);
        Assert.Single(plan.Ledger(server.Site), line => line is { Kind: "start", Step: 0 });
    }

    [Fact]
    public async Task What_failed_of_a_batch_is_retried_in_it_once()
    {
        var (spec, mended) = (Path.Combine(server.Site.Work, "flaky.yaml"), Path.Combine(server.Site.Work, "mended"));
        await File.WriteAllTextAsync(spec, $$$"""
            name: flaky
            run: test ${{ matrix.n }} = 2 || test -f {{{mended}}}
            resources: {gpu: none, cpu: 1, memory: 64MB}
            checkpoints: none
            strategy: {matrix: {n: [1, 2]}}
            """);
        var submitted = await server.Orc("submit", spec);
        Assert.True(submitted.ExitCode == 0, submitted.ToString());
        await Wait.UntilAsync(async () => (await server.Api.GetAsync("batches/flaky"))["endedAt"] is not null, "the end of the batch", TestServer.Patience);
        await File.WriteAllTextAsync(mended, "");

        var retried = await server.Orc("retry", "flaky", "--failed");
        Assert.Contains("1 of 2 jobs were submitted again", retried.Output, StringComparison.Ordinal);
        Refused(await server.Orc("retry", "flaky", "--failed"), "has failed that was not retried");
        await Wait.UntilAsync(async () => (await server.Api.GetAsync("batches/flaky"))["endedAt"] is not null, "the end of the retried one", TestServer.Patience);
        var third = (await server.Api.GetAsync("batches/flaky"))["jobs"]![2]!["job"]!;
        Assert.Equal(("succeeded", 3, "n=1"), (third["state"]!.GetValue<string>(), third["batch"]!["number"]!.GetValue<int>(), third["batch"]!["cell"]!.GetValue<string>()));
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

    private static void Refused(CommandResult result, string words, int exitCode = 4)
    {
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
    }

    private async Task<long> BegunAsync(params string[] command)
    {
        var result = await server.Orc([.. command, "--json"]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return JsonNode.Parse(result.Output)!["job"]!["id"]!.GetValue<long>();
    }
}
