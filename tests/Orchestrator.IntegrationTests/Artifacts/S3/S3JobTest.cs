using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>Whole jobs on this machine whose data, checkpoints and results lie in buckets: real server, real agent, real S3 server.</summary>
public abstract class S3JobTest(CephServer server) : IAsyncLifetime
{
    private static readonly string[] _interesting = ["events", "alerts"];

    private JobBucket? _read;
    private FaultyProxy? _proxy;

    protected static TimeSpan Long { get; } = TimeSpan.FromMinutes(6);

    protected TestServer Own { get; } = new();

    protected Site Site { get; } = new("s3");

    protected string Bucket { get; } = $"jobs-{Guid.NewGuid():N}"[..20];

    /// <summary>What the store of the checkpoints is opened with.</summary>
    protected string Keys { get; private set; } = "";

    protected JobBucket Read => _read!;

    /// <summary>Between everybody and the store of the checkpoints.</summary>
    protected FaultyProxy Proxy => _proxy!;

    public async Task InitializeAsync()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(CephServer.Variable)))
        {
            return;
        }

        await server.MakeBucketAsync(Bucket);
        _read = new(CephServer.Open(server.Settings(bucket: Bucket)));
        _proxy = await FaultyProxy.StartAsync(server.Node.Endpoint);
        Keys = server.KeyFile();
        await File.AppendAllTextAsync(
            Path.Combine(Site.Data, "orchestrator.yaml"),
            $$"""
            stores:
              lab:
                bucket: {{Bucket}}
                prefix: team-a
                endpoint: {{_proxy.Endpoint.AbsoluteUri.TrimEnd('/')}}
                profile: ceph
                credentials: {file: {{Keys}}}
                egress-price: $0.09/GB
                default: true
              data:
                bucket: {{Bucket}}
                endpoint: {{server.Node.Endpoint.AbsoluteUri.TrimEnd('/')}}
                credentials: {file: {{server.KeyFile()}}}

            """);
        await PrepareAsync();
        await Own.StartAsync(Site);
    }

    /// <summary>What else a test wants of the server's configuration and environment.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        Site.EndAll();
        await Own.DisposeAsync();
        if (_read is null)
        {
            Site.Dispose();
            return;
        }

        _read.Dispose();
        await _proxy!.DisposeAsync();
    }

    protected Task<long> SubmitAsync(TrainerPlan plan, string extra)
    {
        var spec = (plan with { Extra = extra.Replace("BUCKET", Bucket, StringComparison.Ordinal) }).Write(Site, TestServer.Products);
        var text = File.ReadAllText(spec).Replace("outputs: [{from: /out, when: success}]", $"outputs: [{{from: /out, to: \"s3://{Bucket}/final/\"}}]", StringComparison.Ordinal);
        if (extra.Length > 0)
        {
            text = text.Replace("run: exec", "run: |\n  test \"$(cat $ORCHESTRATOR_DATA_DIR/a.txt)\" = \"from the bucket\" && test ! -e $ORCHESTRATOR_DATA_DIR/skip.log\n  exec", StringComparison.Ordinal);
        }

        File.WriteAllText(spec, text);
        return Own.Api.SubmitAsync(spec);
    }

    /// <summary>It succeeds in its only attempt, whose trainer began once, with the result of an undisturbed run; and every checkpoint is whole.</summary>
    protected async Task SucceedsUndisturbedAsync(TrainerPlan plan, long job)
    {
        var ended = await Own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        Assert.Single(ended["attempts"]!.AsArray());
        Assert.Single(plan.Ledger(Site), line => line.Kind == "start");
        Assert.Equal(plan.Digest(), JsonNode.Parse(await Read.TextAsync("final/result.json"))!["digest"]!.GetValue<string>());
        await Read.CheckManifestsAsync(plan.Name, job);
        Assert.Equal(plan.Steps, await Read.StepAsync((await Read.ManifestsAsync(plan.Name, job))[^1]));
    }

    protected async Task UntilManifestAsync(TrainerPlan plan, long job) =>
        await Wait.UntilAsync(async () => (await Read.ManifestsAsync(plan.Name, job)).Count > 0, "a checkpoint in the bucket", TestServer.Patience, TimeSpan.FromMilliseconds(100));

    protected async Task UntilSaidAsync(long job, string words)
    {
        var said = "";
        try
        {
            await Wait.UntilAsync(async () => (said = await WordsAsync(job)).Contains(words, StringComparison.Ordinal), "", Long, TimeSpan.FromMilliseconds(500));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"nobody said \"{words}\"; said was: {said}");
        }
    }

    /// <summary>What a person sees.</summary>
    protected async Task<string> WordsAsync(long job) =>
        string.Concat(await Task.WhenAll(_interesting.Select(async what => Texts(await Own.Api.GetAsync(what == "events" ? $"jobs/{job}/events" : what)))));

    /// <summary>Where the agent keeps what was granted ahead, once there is something.</summary>
    protected async Task<string> UntilKeptAsync(string instance)
    {
        var kept = Path.Combine(Site.Instances, instance, "root", "agent", "ahead.json");
        await Wait.UntilAsync(() => File.Exists(kept) && File.ReadAllText(kept).Split("manifest.json").Length > 10, "grants that the agent keeps", Long);
        return kept;
    }

    protected async Task<string> InstanceAsync(long job) =>
        (await Own.ProcessAsync(job, "trainer")).Environment["ORCHESTRATOR_CHECKPOINT_DIR"][(Site.Instances.Length + 1)..].Split('/')[0];

    /// <summary>As they are shown: JSON hides quotes and more behind escapes.</summary>
    private static string Texts(JsonNode? node) => node switch
    {
        JsonObject fields => string.Join('\n', fields.Select(field => Texts(field.Value))),
        JsonArray items => string.Join('\n', items.Select(Texts)),
        _ => node?.ToString() ?? "",
    };
}
