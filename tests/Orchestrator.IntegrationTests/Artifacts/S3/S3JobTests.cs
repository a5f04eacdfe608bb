using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>Whole jobs on this machine whose data, checkpoints and results lie in buckets: real server, real agent, real S3 server.</summary>
[Collection(CephCollection.Name)]
public sealed class S3JobTests(CephServer server) : IAsyncLifetime
{
    private static readonly string[] _interesting = ["events", "alerts"];

    private static readonly TimeSpan _long = TimeSpan.FromMinutes(6);

    private readonly TestServer _own = new();
    private readonly Site _site = new("s3");
    private readonly string _bucket = $"jobs-{Guid.NewGuid():N}"[..20];
    private FaultyProxy? _proxy;
    private S3Store? _store;

    public async Task InitializeAsync()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(CephServer.Variable)))
        {
            return;
        }

        await server.MakeBucketAsync(_bucket);
        _store = CephServer.Open(server.Settings(bucket: _bucket));
        _proxy = await FaultyProxy.StartAsync(server.Node.Endpoint);
        await File.AppendAllTextAsync(
            Path.Combine(_site.Data, "orchestrator.yaml"),
            $$"""
            stores:
              lab:
                bucket: {{_bucket}}
                prefix: team-a
                endpoint: {{_proxy.Endpoint.AbsoluteUri.TrimEnd('/')}}
                profile: ceph
                credentials: {file: {{server.KeyFile()}}}
                egress-price: $0.09/GB
                default: true
              data:
                bucket: {{_bucket}}
                endpoint: {{server.Node.Endpoint.AbsoluteUri.TrimEnd('/')}}
                credentials: {file: {{server.KeyFile()}}}

            """);
        await _own.StartAsync(_site);
    }

    [CephFact]
    public async Task Data_checkpoints_and_results_in_buckets_and_a_killed_instance_changes_nothing()
    {
        await PutAsync("corpus/a.txt", "from the bucket");
        await PutAsync("corpus/deep/b ü.txt", "deeper");
        await PutAsync("corpus/skip.log", "not wanted");
        var plan = new TrainerPlan { Name = "in-buckets", Seed = 91, Steps = 120, Every = 8, IsHeld = true };
        var job = await SubmitAsync(plan, """
            data: [{from: "s3://BUCKET/corpus/", to: /data, exclude: ["*.log"]}]
            """);
        await UntilManifestAsync(plan, job);
        var first = (await _own.ProcessAsync(job, "trainer")).Environment;
        await _site.KillInstanceAsync(await InstanceAsync(job));
        plan.Release(_site);

        var ended = await _own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        Assert.Equal("1", first["ORCHESTRATOR_ATTEMPT"]);
        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        Assert.True(plan.Ledger(_site).Last(line => line.Kind == "start").Step > 0, "the second attempt began at the start");
        Assert.Equal(plan.Digest(), JsonNode.Parse(await TextAsync("final/result.json"))!["digest"]!.GetValue<string>());
        await CheckManifestsAsync(plan, job);
        if (BucketReaders.AreThere)
        {
            await CheckNewestWithOtherToolsAsync(plan, job);
        }

        Assert.Empty(Directory.Exists(Path.Combine(_site.Store, "jobs")) ? Directory.GetFiles(Path.Combine(_site.Store, "jobs"), "*", SearchOption.AllDirectories) : []);
        var doctor = await _own.Api.GetAsync("doctor");
        Assert.Contains("lab (default): write, read, delete, parts", doctor.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("$0.09/GB", doctor.ToJsonString(), StringComparison.Ordinal);
    }

    [CephFact]
    public async Task A_store_that_refuses_for_a_while_is_said_and_nothing_is_lost_afterwards()
    {
        await PutAsync("corpus/a.txt", "from the bucket");
        var plan = new TrainerPlan { Name = "refused", Seed = 92, Steps = 160, Every = 8, IsHeld = true };
        var job = await SubmitAsync(plan, "");
        await UntilManifestAsync(plan, job);
        _proxy!.Fault = _ => (503, "SlowDown");
        plan.Release(_site);
        try
        {
            await Wait.UntilAsync(
                async () => (await WordsAsync(job)).Contains("asks for fewer requests", StringComparison.Ordinal), "what a person sees", TestServer.Patience, TimeSpan.FromMilliseconds(500));
            _proxy.Fault = _ => (403, "AccessDenied");
            await Task.Delay(TimeSpan.FromSeconds(5));
        }
        finally
        {
            _proxy.Fault = _ => null;
        }

        var ended = await _own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        Assert.Single(ended["attempts"]!.AsArray());
        Assert.Single(plan.Ledger(_site), line => line.Kind == "start");
        Assert.Equal(plan.Digest(), JsonNode.Parse(await TextAsync("final/result.json"))!["digest"]!.GetValue<string>());
        await CheckManifestsAsync(plan, job);
    }

    [CephFact]
    public async Task Checkpoints_go_on_being_stored_while_the_server_is_dead_and_the_newest_is_resumed_from()
    {
        // It never comes to an end: there is always another checkpoint to come, however long each step of the test takes.
        var plan = new TrainerPlan { Name = "alone", Seed = 95, Steps = 1_000_000, Every = 8 };
        var job = await SubmitAsync(plan, "");
        await UntilManifestAsync(plan, job);
        var instance = await InstanceAsync(job);
        var kept = Path.Combine(_site.Instances, instance, "root", "agent", "ahead.json");
        await Wait.UntilAsync(() => File.Exists(kept) && File.ReadAllText(kept).Split("manifest.json").Length > 10, "grants that the agent keeps", _long);
        await _own.Server.KillAsync();

        await Wait.UntilAsync(
            async () => (await TextAsync((await ManifestsAsync(plan, job))[^1])).Contains("/files/ahead/", StringComparison.Ordinal), "a checkpoint that was stored with grants ahead", _long, TimeSpan.FromSeconds(1));
        await _site.KillInstanceAsync(instance);
        var newest = await StepAsync((await ManifestsAsync(plan, job))[^1]);
        await CheckManifestsAsync(plan, job);
        await _own.RestartAsync();
        await Wait.UntilAsync(() => plan.Ledger(_site).Any(line => line is { Kind: "start", Attempt: 2 }), "the second attempt", _long);

        var resumed = plan.Ledger(_site).First(line => line is { Kind: "start", Attempt: 2 }).Step;
        // One that was under way when the host died may have arrived after we looked.
        Assert.True(resumed >= newest, $"resumed from step {resumed}, stored was {newest}");
    }

    [CephFact]
    public async Task Data_that_changed_since_submit_pauses_the_job_with_the_reason_instead_of_training_on_it()
    {
        await PutAsync("corpus/a.txt", "from the bucket");
        var plan = new TrainerPlan { Name = "changed", Seed = 93, Steps = 400, Every = 8, IsHeld = true };
        var job = await SubmitAsync(plan, """
            data: {/data: "s3://BUCKET/corpus/"}
            """);
        await UntilManifestAsync(plan, job);
        await PutAsync("corpus/a.txt", "something else!");
        await _site.KillInstanceAsync(await InstanceAsync(job));

        var ended = await _own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.Equal("paused", ended["state"]!.GetValue<string>());
        Assert.Contains("not what it was when the job was submitted", await WordsAsync(job), StringComparison.Ordinal);
    }

    [CephFact]
    public async Task What_a_spec_names_and_nobody_has_is_told_before_anything_is_rented()
    {
        var plan = new TrainerPlan { Name = "unknown", Seed = 94, Extra = "data: {/data: \"s3://" + _bucket + "/nothing-there/\"}" };
        var spec = plan.Write(_site, TestServer.Products);
        var empty = await _own.Orc("submit", spec);
        await File.WriteAllTextAsync(spec, (await File.ReadAllTextAsync(spec)).Replace("  path: /ckpt", "  path: /ckpt\n  to: nowhere/x", StringComparison.Ordinal));
        var nowhere = await _own.Orc("submit", spec);

        Assert.Equal(2, empty.ExitCode);
        Assert.Contains("there is nothing at s3://" + _bucket + "/nothing-there/", empty.Output + empty.Errors, StringComparison.Ordinal);
        Assert.Equal(2, nowhere.ExitCode);
        Assert.Contains("there is no store \"nowhere\"; stores here: data, folder, lab", nowhere.Output + nowhere.Errors, StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        _site.EndAll();
        await _own.DisposeAsync();
        if (_store is null)
        {
            _site.Dispose();
            return;
        }

        _store.Dispose();
        await _proxy!.DisposeAsync();
    }

    private Task<long> SubmitAsync(TrainerPlan plan, string extra)
    {
        var spec = (plan with { Extra = extra.Replace("BUCKET", _bucket, StringComparison.Ordinal) }).Write(_site, TestServer.Products);
        var text = File.ReadAllText(spec).Replace("outputs: [{from: /out, when: success}]", $"outputs: [{{from: /out, to: \"s3://{_bucket}/final/\"}}]", StringComparison.Ordinal);
        if (extra.Length > 0)
        {
            text = text.Replace("run: exec", "run: |\n  test \"$(cat $ORCHESTRATOR_DATA_DIR/a.txt)\" = \"from the bucket\" && test ! -e $ORCHESTRATOR_DATA_DIR/skip.log\n  exec", StringComparison.Ordinal);
        }

        File.WriteAllText(spec, text);
        return _own.Api.SubmitAsync(spec);
    }

    private async Task<long> StepAsync(string manifest) => JsonNode.Parse(await TextAsync(manifest))!["step"]!.GetValue<long>();

    private async Task UntilManifestAsync(TrainerPlan plan, long job) =>
        await Wait.UntilAsync(async () => (await ManifestsAsync(plan, job)).Count > 0, "a checkpoint in the bucket", TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(100));

    private async Task<List<string>> ManifestsAsync(TrainerPlan plan, long job) =>
        [.. await _store!.ListAsync(string.Create(CultureInfo.InvariantCulture, $"team-a/jobs/{plan.Name}-{job}/"), default).Select(found => found.Key)
            .Where(key => key.EndsWith("/manifest.json", StringComparison.Ordinal)).ToListAsync()];

    /// <summary>Reads every byte back past the product, with nobody's books believed.</summary>
    private async Task CheckManifestsAsync(TrainerPlan plan, long job)
    {
        var manifests = await ManifestsAsync(plan, job);
        Assert.NotEmpty(manifests);
        foreach (var key in manifests)
        {
            foreach (var file in JsonNode.Parse(await TextAsync(key))!["files"]!.AsArray())
            {
                var content = await BytesAsync("team-a/" + file!["key"]!.GetValue<string>());
                Assert.Equal(file["size"]!.GetValue<long>(), content.Length);
                Assert.Equal(file["hash"]!.GetValue<string>(), Convert.ToHexStringLower(XxHash128.Hash(content)));
            }
        }
    }

    /// <summary>Objects are plain files: a person reads a checkpoint with any tool, byte for byte what the manifest says.</summary>
    private async Task CheckNewestWithOtherToolsAsync(TrainerPlan plan, long job)
    {
        var manifest = (await ManifestsAsync(plan, job)).Max(StringComparer.Ordinal)!;
        var folder = manifest[..(manifest.LastIndexOf('/') + 1)];
        foreach (var copy in await BucketReaders.CopyAsync(server.Node.Endpoint, _bucket, folder, Path.Combine(_site.Work, "read-back")))
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

    private async Task PutAsync(string key, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        await _store!.WriteAsync(key, new MemoryStream(bytes), bytes.Length, onlyIfAbsent: false, default);
    }

    private async Task<string> TextAsync(string key) => Encoding.UTF8.GetString(await BytesAsync(key));

    private async Task<byte[]> BytesAsync(string key)
    {
        await using var content = await _store!.ReadAsync(key, 0, null, default);
        using var read = new MemoryStream();
        await content.CopyToAsync(read);
        return read.ToArray();
    }

    private async Task<string> WordsAsync(long job) =>
        string.Concat(await Task.WhenAll(_interesting.Select(async what => (await _own.Api.GetAsync(what == "events" ? $"jobs/{job}/events" : what)).ToJsonString())));

    private async Task<string> InstanceAsync(long job) =>
        (await _own.ProcessAsync(job, "trainer")).Environment["ORCHESTRATOR_CHECKPOINT_DIR"][(_site.Instances.Length + 1)..].Split('/')[0];
}
