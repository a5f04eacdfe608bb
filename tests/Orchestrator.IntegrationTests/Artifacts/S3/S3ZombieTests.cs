using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.IntegrationTests.Support.Ssh;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>A machine that is cut off goes on storing checkpoints with what was granted ahead, while its job trains on another.</summary>
[Collection(CephCollection.Name)]
public sealed class S3ZombieTests(CephServer server) : IAsyncLifetime
{
    private const string Name = "zombie";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(6);
    private readonly TestServer _server = new();
    private readonly TestMachine _cheap = new("cheap");
    private readonly TestMachine _dear = new("dear");
    private readonly string _bucket = $"zombie-{Guid.NewGuid():N}"[..20];
    private JobBucket? _read;

    public async Task InitializeAsync()
    {
        if (new CephFactAttribute { OverSsh = true }.Skip is not null)
        {
            return;
        }

        await server.MakeBucketAsync(_bucket);
        _read = new(CephServer.Open(server.Settings(bucket: _bucket)));
        await _cheap.InitializeAsync();
        await _dear.InitializeAsync();
        _server.Environment["ORCHESTRATOR_TUNING"] =
            "lease=60,lease-margin=1,effect-timeout=25,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=8,silence=4,loss-max-wait=20,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2";
        var site = new Site("zombie");
        await File.WriteAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""
            machines:
              cheap: {address: {{_cheap.Ip}}, port: {{_cheap.Port}}, user: {{Environment.UserName}}, key: {{_cheap.KeyFile}}, root: {{_cheap.Root}}, slots: 2, price: $0.10/h}
              dear: {address: {{_dear.Ip}}, port: {{_dear.Port}}, user: {{Environment.UserName}}, key: {{_dear.KeyFile}}, root: {{_dear.Root}}, slots: 2, price: $0.30/h}
            stores:
              lab: {bucket: {{_bucket}}, prefix: team-a, endpoint: "{{server.Node.Endpoint.AbsoluteUri.TrimEnd('/')}}", profile: ceph, credentials: {file: {{server.KeyFile()}}}, default: true}

            """));
        await _server.StartAsync(site);
    }

    [CephFact(OverSsh = true)]
    public async Task What_a_cut_off_machine_stores_replaces_nothing_and_is_never_resumed_from_once_the_job_is_elsewhere()
    {
        var job = await SubmitAsync();
        await UntilStoredAsync(job, attempt: 1, step: LetTrain(1, 2));
        // The dear one, where the other was slow to answer.
        var (first, second) = Directory.Exists(_cheap.Instances) && Directory.GetDirectories(_cheap.Instances).Length > 0 ? (_cheap, _dear) : (_dear, _cheap);
        await UntilAsync(() => Task.FromResult(Kept(first).Contains("000032/manifest.json", StringComparison.Ordinal)), "all the grants that the first agent keeps");
        first.Cut();
        // Nobody has given it up yet: what it stores now may be resumed from.
        await UntilStoredAsync(job, attempt: 1, step: LetTrain(1, 4), ahead: true);

        await UntilBeganAsync(attempt: 2);
        Assert.InRange(Began(2)!.Value, 2, 4);
        await UntilStoredAsync(job, attempt: 2, step: LetTrain(2, 20));
        var stored = await ContentAsync(job, attempt: 2);

        // By now another attempt has chosen what it resumes from. The first knows nothing of it, and is ahead of it in steps.
        await UntilStoredAsync(job, attempt: 1, step: LetTrain(1, 50), ahead: true);
        await first.StartAsync();
        await UntilAsync(() => Task.FromResult(first.Running().Count == 0 && Directory.GetDirectories(first.Instances).Length == 0), "the first attempt's end after its machine returned");
        Assert.Equal(stored, await ContentAsync(job, attempt: 2));
        Assert.Equal(2, (await _server.Api.JobAsync(job))["attempts"]!.AsArray().Count);

        await second.PowerOffAsync();
        await UntilBeganAsync(attempt: 3);
        Assert.Equal(20, Began(3));
        await second.StartAsync();
        LetTrain(3, 60);
        await SucceedsAsync(job);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _cheap.DisposeAsync();
        await _dear.DisposeAsync();
        _read?.Dispose();
    }

    /// <summary>A trainer of sh that goes as far as its attempt is let, and saves there.</summary>
    private async Task<long> SubmitAsync()
    {
        var work = _server.Site.Work;
        var spec = Path.Combine(work, Name + ".yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: {{Name}}
            run: |
              step=0
              if [ -n "$ORCHESTRATOR_RESUME_FROM" ]; then step=$(cat "$ORCHESTRATOR_RESUME_FROM/step"); fi
              echo "$ORCHESTRATOR_ATTEMPT $step" >>{{work}}/began
              while [ $step -lt 60 ]; do
                let=$(cat {{work}}/let-$ORCHESTRATOR_ATTEMPT 2>/dev/null || echo 0)
                if [ $step -ge $let ]; then sleep 0.2; continue; fi
                step=$let
                mkdir $ORCHESTRATOR_CHECKPOINT_DIR/.new && echo $step >$ORCHESTRATOR_CHECKPOINT_DIR/.new/step && mv $ORCHESTRATOR_CHECKPOINT_DIR/.new $ORCHESTRATOR_CHECKPOINT_DIR/step-$step
              done
              mkdir -p $ORCHESTRATOR_OUTPUT_DIR && echo $step $ORCHESTRATOR_ATTEMPT >$ORCHESTRATOR_OUTPUT_DIR/result
            resources: {gpu: none, cpu: 1, memory: 64MB}
            providers: [ssh]
            checkpoints: {path: /ckpt, format: files, complete: {rename: true}, keep: 100}
            outputs: [{from: /out, to: "s3://{{_bucket}}/team-a/final/", when: success}]
            progress: none
            """);
        return await _server.Api.SubmitAsync(spec);
    }

    private int LetTrain(int attempt, int step)
    {
        var file = Path.Combine(_server.Site.Work, string.Create(CultureInfo.InvariantCulture, $"let-{attempt}"));
        File.WriteAllText(file + ".new", step.ToString(CultureInfo.InvariantCulture));
        File.Move(file + ".new", file, overwrite: true);
        return step;
    }

    private int? Began(int attempt)
    {
        var file = Path.Combine(_server.Site.Work, "began");
        var lines = File.Exists(file) ? File.ReadAllLines(file).Select(line => line.Split(' ')) : [];
        return lines.Where(words => words[0] == attempt.ToString(CultureInfo.InvariantCulture)).Select(words => (int?)int.Parse(words[1], CultureInfo.InvariantCulture)).FirstOrDefault();
    }

    private Task UntilBeganAsync(int attempt) => UntilAsync(() => Task.FromResult(Began(attempt) is not null), $"attempt {attempt} to train");

    private Task UntilStoredAsync(long job, int attempt, int step, bool ahead = false) => UntilAsync(
        async () =>
        {
            foreach (var key in await ManifestsAsync(job, attempt))
            {
                if (await _read!.ManifestAsync(key) is { } manifest && manifest["step"]!.GetValue<long>() == step)
                {
                    return !ahead || manifest.ToJsonString().Contains("/files/ahead/", StringComparison.Ordinal);
                }
            }

            return false;
        },
        $"step {step} of attempt {attempt} in the bucket");

    private async Task<List<string>> ManifestsAsync(long job, int attempt) =>
        [.. (await _read!.ManifestsAsync(Name, job)).Where(key => key.Contains(string.Create(CultureInfo.InvariantCulture, $"/a{attempt:D4}/"), StringComparison.Ordinal))];

    /// <summary>Everything that an attempt's checkpoints are made of.</summary>
    private async Task<SortedDictionary<string, string>> ContentAsync(long job, int attempt)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in (await _read!.KeysAsync(Name, job)).Where(key => key.Contains(string.Create(CultureInfo.InvariantCulture, $"/a{attempt:D4}/checkpoints/"), StringComparison.Ordinal)))
        {
            content[key] = await _read.TextAsync(key);
        }

        Assert.NotEmpty(content);
        return content;
    }

    private static string Kept(TestMachine machine) =>
        Directory.EnumerateFiles(machine.Instances, "ahead.json", SearchOption.AllDirectories).Select(File.ReadAllText).FirstOrDefault("");

    private async Task SucceedsAsync(long job)
    {
        JsonNode? seen = null;
        await UntilAsync(async () => (seen = await _server.Api.JobAsync(job))["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled" or "paused", "the end of the job");
        Assert.True(seen!["state"]!.GetValue<string>() == "succeeded", seen + "\n" + _server.Server.Tail());
        Assert.Equal("60 3", (await _read!.TextAsync(JobBucket.Prefix + "final/result")).Trim());
        await _read.CheckManifestsAsync(Name, job);
        await UntilAsync(() => Task.FromResult(_cheap.Running().Count + _dear.Running().Count == 0), "the end of everything on the machines");
    }

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        try
        {
            await Wait.UntilAsync(condition, "", _patience, TimeSpan.FromMilliseconds(300));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"never happened: {what}\n{_server.Server.Tail()}");
        }
    }
}
