using System.IO.Hashing;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>Data, checkpoints and results in buckets, with hosts that die and a server that is away.</summary>
[Collection(CephCollection.Name)]
public sealed class S3JobTests(CephServer server) : S3JobTest(server)
{
    private readonly CephServer _server = server;

    [CephFact]
    public async Task Data_checkpoints_and_results_in_buckets_and_a_killed_instance_changes_nothing()
    {
        await Read.PutAsync("corpus/a.txt", "from the bucket");
        await Read.PutAsync("corpus/deep/b ü.txt", "deeper");
        await Read.PutAsync("corpus/skip.log", "not wanted");
        var plan = new TrainerPlan { Name = "in-buckets", Seed = 91, Steps = 120, Every = 8, IsHeld = true };
        var job = await SubmitAsync(plan, """
            data: [{from: "s3://BUCKET/corpus/", to: /data, exclude: ["*.log"]}]
            """);
        await UntilManifestAsync(plan, job);
        var first = (await Own.ProcessAsync(job, "trainer")).Environment;
        await Site.KillInstanceAsync(await InstanceAsync(job));
        plan.Release(Site);

        var ended = await Own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        Assert.Equal("1", first["ORCHESTRATOR_ATTEMPT"]);
        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        Assert.True(plan.Ledger(Site).Last(line => line.Kind == "start").Step > 0, "the second attempt began at the start");
        Assert.Equal(plan.Digest(), JsonNode.Parse(await Read.TextAsync("final/result.json"))!["digest"]!.GetValue<string>());
        await Read.CheckManifestsAsync(plan.Name, job);
        if (BucketReaders.AreThere)
        {
            await CheckNewestWithOtherToolsAsync(plan, job);
        }

        Assert.Empty(Directory.Exists(Path.Combine(Site.Store, "jobs")) ? Directory.GetFiles(Path.Combine(Site.Store, "jobs"), "*", SearchOption.AllDirectories) : []);
        var doctor = await Own.Api.GetAsync("doctor");
        Assert.Contains("lab (default): write, read, delete, parts", doctor.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("$0.09/GB", doctor.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>It never comes to an end: there is always another checkpoint to come, however long each step of the test takes.</summary>
    [CephFact]
    public Task Checkpoints_go_on_being_stored_while_the_server_is_dead_and_the_newest_is_resumed_from() =>
        AloneAsync(new() { Name = "alone", Seed = 95, Steps = 1_000_000, Every = 8 }, checkpoints: 1, TimeSpan.Zero);

    /// <summary>One checkpoint every half minute. Ten minutes bring twenty, of which the second half of what is granted lets only few pass.</summary>
    [CephFact(IsLong = true)]
    public Task A_server_that_is_dead_for_ten_minutes_costs_no_checkpoint_that_was_stored_meanwhile() =>
        AloneAsync(new() { Name = "ten-minutes", Seed = 96, Steps = 1_000_000, Pace = 0.1, Every = 300 }, checkpoints: 10, TimeSpan.FromMinutes(10));

    [CephFact]
    public async Task Data_that_changed_since_submit_pauses_the_job_with_the_reason_instead_of_training_on_it()
    {
        await Read.PutAsync("corpus/a.txt", "from the bucket");
        var plan = new TrainerPlan { Name = "changed", Seed = 93, Steps = 400, Every = 8, IsHeld = true };
        var job = await SubmitAsync(plan, """
            data: {/data: "s3://BUCKET/corpus/"}
            """);
        await UntilManifestAsync(plan, job);
        await Read.PutAsync("corpus/a.txt", "something else!");
        await Site.KillInstanceAsync(await InstanceAsync(job));

        var ended = await Own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.Equal("paused", ended["state"]!.GetValue<string>());
        Assert.Contains("not what it was when the job was submitted", await WordsAsync(job), StringComparison.Ordinal);
    }

    [CephFact]
    public async Task What_a_spec_names_and_nobody_has_is_told_before_anything_is_rented()
    {
        var plan = new TrainerPlan { Name = "unknown", Seed = 94, Extra = "data: {/data: \"s3://" + Bucket + "/nothing-there/\"}" };
        var spec = plan.Write(Site, TestServer.Products);
        var empty = await Own.Orc("submit", spec);
        await File.WriteAllTextAsync(spec, (await File.ReadAllTextAsync(spec)).Replace("  path: /ckpt", "  path: /ckpt\n  to: nowhere/x", StringComparison.Ordinal));
        var nowhere = await Own.Orc("submit", spec);

        Assert.Equal(2, empty.ExitCode);
        Assert.Contains("there is nothing at s3://" + Bucket + "/nothing-there/", empty.Output + empty.Errors, StringComparison.Ordinal);
        Assert.Equal(2, nowhere.ExitCode);
        Assert.Contains("there is no store \"nowhere\"; stores here: data, folder, lab", nowhere.Output + nowhere.Errors, StringComparison.Ordinal);
    }

    /// <summary>The server dies, the trainer goes on, and the host dies too when so many checkpoints are stored and so much time is over.</summary>
    private async Task AloneAsync(TrainerPlan plan, int checkpoints, TimeSpan away)
    {
        var job = await SubmitAsync(plan, "");
        await UntilManifestAsync(plan, job);
        var instance = await InstanceAsync(job);
        await UntilKeptAsync(instance);
        await Own.Server.KillAsync();
        var left = TimeProvider.System.GetTimestamp();

        await Wait.UntilAsync(
            async () => await StoredAheadAsync(plan, job) >= checkpoints && TimeProvider.System.GetElapsedTime(left) >= away,
            "checkpoints that are stored with grants ahead", away + Long, TimeSpan.FromSeconds(1));
        await Site.KillInstanceAsync(instance);
        var newest = await Read.StepAsync((await Read.ManifestsAsync(plan.Name, job))[^1]);
        await Read.CheckManifestsAsync(plan.Name, job);
        await Own.RestartAsync();
        await Wait.UntilAsync(() => plan.Ledger(Site).Any(line => line is { Kind: "start", Attempt: 2 }), "the second attempt", Long);

        var resumed = plan.Ledger(Site).First(line => line is { Kind: "start", Attempt: 2 }).Step;
        // One that was under way when the host died may have arrived after we looked.
        Assert.True(resumed >= newest, $"resumed from step {resumed}, stored was {newest}");
    }

    private async Task<int> StoredAheadAsync(TrainerPlan plan, long job)
    {
        var stored = 0;
        foreach (var manifest in await Read.ManifestsAsync(plan.Name, job))
        {
            stored += (await Read.TextAsync(manifest)).Contains("/files/ahead/", StringComparison.Ordinal) ? 1 : 0;
        }

        return stored;
    }

    /// <summary>Objects are plain files: a person reads a checkpoint with any tool, byte for byte what the manifest says.</summary>
    private async Task CheckNewestWithOtherToolsAsync(TrainerPlan plan, long job)
    {
        var manifest = (await Read.ManifestsAsync(plan.Name, job)).Max(StringComparer.Ordinal)!;
        var folder = manifest[..(manifest.LastIndexOf('/') + 1)];
        foreach (var copy in await BucketReaders.CopyAsync(_server.Node.Endpoint, Bucket, folder, Path.Combine(Site.Work, "read-back")))
        {
            var files = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(copy, "manifest.json")))!["files"]!.AsArray();
            Assert.Equal(3, files.Count);
            foreach (var file in files)
            {
                var content = await File.ReadAllBytesAsync(Path.Combine(copy, ("team-a/" + file!["key"]!.GetValue<string>())[folder.Length..]));
                Assert.Equal(file["hash"]!.GetValue<string>(), Convert.ToHexStringLower(XxHash128.Hash(content)));
            }
        }
    }
}
