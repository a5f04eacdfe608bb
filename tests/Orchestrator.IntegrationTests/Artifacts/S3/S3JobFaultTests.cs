using System.Diagnostics;
using System.Globalization;
using System.Web;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>What goes wrong between a job and its bucket while it trains: a person is told, and nothing is lost once it is mended.</summary>
[Collection(CephCollection.Name)]
public sealed class S3JobFaultTests(CephServer server) : S3JobTest(server)
{
    private readonly CephServer _server = server;

    [CephFact]
    public async Task A_store_that_refuses_for_a_while_is_said_and_nothing_is_lost_afterwards()
    {
        var plan = Plan("refused", 92);
        var job = await TrainsAsync(plan);
        Proxy.Fault = _ => (503, "SlowDown");
        plan.Release(Site);

        await UntilSaidAsync(job, "asks for fewer requests");
        var (refused, since) = (0, Stopwatch.StartNew());
        Proxy.Fault = _ =>
        {
            refused++;
            return (403, "AccessDenied");
        };
        await Wait.UntilAsync(() => refused > 5 && since.Elapsed >= TimeSpan.FromMinutes(1), "a minute of requests that are refused", Long);
        Proxy.Fault = _ => null;

        await SucceedsUndisturbedAsync(plan, job);
    }

    [CephFact]
    public async Task A_bucket_that_is_missing_for_a_while_is_said_and_nothing_is_lost_once_it_is_back()
    {
        var plan = Plan("no-bucket", 97);
        var job = await TrainsAsync(plan);
        Proxy.Fault = _ => (404, "NoSuchBucket");
        plan.Release(Site);

        await UntilSaidAsync(job, $"there is no bucket \"{Bucket}\"");
        await UntilSaidAsync(job, "is its bucket still there?");
        Proxy.Fault = _ => null;

        await SucceedsUndisturbedAsync(plan, job);
    }

    [CephFact]
    public async Task A_secret_that_is_wrong_is_said_and_a_rotated_key_in_its_place_is_taken_up_and_nothing_is_lost()
    {
        const string secret = "thenextsecret0123456789";
        var id = "next" + Bucket[^8..];
        var plan = Plan("wrong-secret", 98);
        var job = await TrainsAsync(plan);
        CephServer.WriteKeys(Keys, CephNode.KeyId, "not-the-secret");
        plan.Release(Site);

        await UntilSaidAsync(job, $"the secret of access key {CephNode.KeyId} is wrong");
        await _server.Node.AdminAsync("key", "create", "--uid=test", "--key-type=s3", "--access-key=" + id, "--secret-key=" + secret);
        CephServer.WriteKeys(Keys, id, secret);

        await SucceedsUndisturbedAsync(plan, job);
        Assert.DoesNotContain(secret, await WordsAsync(job), StringComparison.Ordinal);
        await _server.Node.AdminAsync("key", "rm", "--uid=test", "--key-type=s3", "--access-key=" + id);
    }

    /// <summary>The store answers as it does to a URL whose time is over, to all that were signed before the server went.</summary>
    [CephFact]
    public async Task URLs_that_have_run_out_are_told_and_what_waited_is_stored_with_new_ones()
    {
        var plan = Plan("expired", 99);
        var job = await TrainsAsync(plan);
        var kept = await UntilKeptAsync(await InstanceAsync(job));
        await Own.Server.KillAsync();
        var over = DateTimeOffset.UtcNow;
        Proxy.Fault = request => SignedAt(request.QueryString.Value!) is { } at && at <= over ? (403, "AccessDenied") : null;
        plan.Release(Site);
        await Wait.UntilAsync(() => !File.ReadAllText(kept).Contains("manifest.json", StringComparison.Ordinal), "grants that are given up", Long);

        await Own.RestartAsync();

        await UntilSaidAsync(job, "what was granted for the server's absence is not taken");
        await SucceedsUndisturbedAsync(plan, job);
    }

    private static DateTimeOffset? SignedAt(string query) => HttpUtility.ParseQueryString(query)["X-Amz-Date"] is { } date
        ? DateTimeOffset.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : null;

    private static TrainerPlan Plan(string name, int seed) => new() { Name = name, Seed = seed, Steps = 160, Every = 8, IsHeld = true };

    private async Task<long> TrainsAsync(TrainerPlan plan)
    {
        var job = await SubmitAsync(plan, "");
        await UntilManifestAsync(plan, job);
        return job;
    }
}
