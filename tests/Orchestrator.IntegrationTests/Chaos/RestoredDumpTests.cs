using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Embedded;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>What an administrator does with a backup: dump while everything runs, restore it days later, look, confirm.</summary>
[Collection(ChaosCollection.Name)]
public sealed class RestoredDumpTests
{
    [Fact]
    public async Task A_restored_dump_is_noticed_touches_nothing_and_goes_on_when_a_person_confirms()
    {
        // An installation of its own: a new epoch begins in it.
        var own = new TestServer();
        await own.InitializeAsync();
        try
        {
            var goesOn = new TrainerPlan { Name = "goes-on", Seed = 81, IsHeld = true };
            var ends = new TrainerPlan { Name = "ends", Seed = 82, IsHeld = true };
            var (live, ended) = (await own.SubmitAsync(goesOn), await own.SubmitAsync(ends));
            await own.ProcessAsync(live, "trainer");
            await own.ProcessAsync(ended, "trainer");
            var dump = Path.Combine(own.Site.Work, "backup.dump");
            await PostgresAsync(own, "pg_dump", "--format=custom", "--file=" + dump);

            // It runs on: one job ends, the other loses its instance and begins another attempt.
            await Wait.UntilAsync(() => StoreLook.Manifests(own.Site, goesOn.Name, live).Count >= 1, "a checkpoint", TestServer.Patience);
            await own.Site.KillInstanceAsync(InstanceOf(own, await own.ProcessAsync(live, "trainer")));
            await Wait.UntilAsync(() => Starts(goesOn, own) == 2, "the second attempt to train", TestServer.Patience);
            var forgotten = InstanceOf(own, await own.ProcessAsync(live, "trainer"));
            ends.Release(own.Site);
            await own.SucceedsAsync(ends, ended);
            await own.Server.KillAsync();
            await EmptyAsync(own);
            await PostgresAsync(own, "pg_restore", "--exit-on-error", dump);

            await own.RestartAsync();

            Assert.NotNull((await own.Api.GetAsync("version"))["recovered"]);
            await UntilAlertsAsync(own, kinds => kinds.Contains("recovered"));
            Assert.Contains("recover --confirm", (await own.Orc("doctor")).Output, StringComparison.Ordinal);
            await NothingHappensAsync(own, goesOn, ends);
            Assert.Equal(4, (await own.Orc("submit", new TrainerPlan { Name = "refused", Seed = 83 }.Write(own.Site, TestServer.Products))).ExitCode);

            var confirmed = await own.Orc("recover", "--confirm");
            Assert.True(confirmed.ExitCode == 0, confirmed.ToString());

            Assert.Null((await own.Api.GetAsync("version"))["recovered"]);
            // It had succeeded, which this database has forgotten: it is not run again.
            await own.UntilAsync(ended, "cancelled");
            Assert.Equal(1, Starts(ends, own));
            // The instance that the database has forgotten is a person's to end.
            await UntilAlertsAsync(own, kinds => kinds.Contains("forgotten-instance"));
            Assert.NotEmpty(own.Site.InstanceProcesses(forgotten));
            await own.Site.KillInstanceAsync(forgotten);
            goesOn.Release(own.Site);
            var done = await own.SucceedsAsync(goesOn, live);
            Assert.True(done["attempts"]!.AsArray().Count >= 3, done.ToString());
            Assert.True(done["resumedAtStep"] is { } step && step.GetValue<long>() > 0, done.ToString());
            await UntilAlertsAsync(own, kinds => !kinds.Contains("recovered"));
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    /// <summary>Several sweeps and time-outs of nothing: no process more or less, no attempt more.</summary>
    private static async Task NothingHappensAsync(TestServer own, params TrainerPlan[] plans)
    {
        int[] starts = [.. plans.Select(plan => Starts(plan, own))];
        var instances = Instances(own);
        Assert.Single(instances);
        var until = DateTime.UtcNow.AddSeconds(12);
        while (DateTime.UtcNow < until)
        {
            Assert.Equal(starts, plans.Select(plan => Starts(plan, own)));
            Assert.Equal(instances, Instances(own));
            await Task.Delay(500);
        }
    }

    private static Task UntilAlertsAsync(TestServer own, Func<IReadOnlyCollection<string>, bool> condition) => Wait.UntilAsync(
        async () => condition([.. (await own.Api.GetAsync("alerts")).AsArray().Select(alert => alert!["kind"]!.GetValue<string>())]), "the alerts", TestServer.Patience);

    private static string[] Instances(TestServer own) =>
        [.. own.Site.InstanceProcesses().Select(process => process.Option("--label")).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static int Starts(TrainerPlan plan, TestServer own) => plan.Ledger(own.Site).Count(line => line.Kind == "start");

    private static string InstanceOf(TestServer server, LiveProcess trainer) =>
        trainer.Environment["ORCHESTRATOR_CHECKPOINT_DIR"][(server.Site.Instances.Length + 1)..].Split('/')[0];

    private static async Task EmptyAsync(TestServer own)
    {
        await using var source = NpgsqlDataSource.Create(await ConnectAsync(own));
        await using var command = source.CreateCommand("drop schema orchestrator cascade; drop schema hangfire cascade");
        await command.ExecuteNonQueryAsync();
    }

    private static Task<string> ConnectAsync(TestServer own) => EmbeddedPostgres.EnsureRunningAsync(own.Site.Data, NullLogger.Instance, CancellationToken.None);

    private static async Task PostgresAsync(TestServer own, string program, params string[] arguments)
    {
        var connection = new NpgsqlConnectionStringBuilder(await ConnectAsync(own));
        var start = new ProcessStartInfo(Path.Combine(PostgresBinaries.Find(EmbeddedPostgres.Status(own.Site.Data).MajorVersion, own.Site.Data).Folder, program)) { RedirectStandardError = true };
        foreach (var argument in (string[])["--host=" + connection.Host, "--username=" + connection.Username, "--dbname=" + connection.Database, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {errors}");
    }
}
