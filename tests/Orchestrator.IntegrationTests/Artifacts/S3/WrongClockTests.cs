using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>A job on two machines, the clock of one hours ahead of ours and that of the other hours behind, with a store that is reached over TLS.</summary>
[Collection(CephCollection.Name)]
public sealed partial class WrongClockTests(CephServer server) : IAsyncLifetime
{
    private const string Name = "clocks";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);
    // Within the hours that the store's certificate is valid for.
    private static readonly TimeSpan _ahead = TimeSpan.FromHours(5);
    private static readonly TimeSpan _behind = TimeSpan.FromHours(-4);
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private readonly TestServer _server = new();
    private readonly RentedMachine _early = new("early");
    private readonly RentedMachine _late = new("late");
    private readonly string _bucket = $"clocks-{Guid.NewGuid():N}"[..20];
    private JobBucket? _read;

    public async Task InitializeAsync()
    {
        if (new CephFactAttribute { OnMachines = true }.Skip is not null)
        {
            return;
        }

        await server.MakeBucketAsync(_bucket);
        _read = new(CephServer.Open(server.Settings(bucket: _bucket)));
        await SetAsync(_early, _ahead);
        await SetAsync(_late, _behind);
        _server.Environment["ORCHESTRATOR_TUNING"] =
            "lease=60,lease-margin=1,effect-timeout=25,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=20,silence=10,loss-max-wait=60,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2,boot=300,connect=300";
        var site = new Site("clocks");
        await File.WriteAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), $$"""
            machines:
              {{_early.Configuration("$0.10/h")}}
              {{_late.Configuration("$0.30/h")}}
            stores:
              lab: {bucket: {{_bucket}}, prefix: team-a, endpoint: "{{server.Node.TlsEndpoint.AbsoluteUri.TrimEnd('/')}}", ca: {{server.Node.AuthorityFile}}, profile: ceph, credentials: {file: {{server.KeyFile()}}}, default: true}

            """);
        await _server.StartAsync(site);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _early.DisposeAsync();
        await _late.DisposeAsync();
        _read?.Dispose();
    }

    [CephFact(OnMachines = true)]
    public async Task Machines_whose_clocks_are_hours_off_store_and_resume_as_others_do_and_a_person_is_told_of_the_clocks_and_shown_our_times()
    {
        // A machine that is busy may answer one question and not the next.
        foreach (var isOff in (Regex[])[EarlyIsOff(), LateIsOff()])
        {
            var words = "";
            await UntilAsync(async () => isOff.IsMatch(words = await DoctorAsync()), () => $"doctor says {isOff}: {words}");
        }

        var job = await SubmitAsync();
        await UntilStoredAsync(job, attempt: 1, step: 40);
        // The other one, where the cheaper was slow to answer.
        var (first, second) = await HostAsync(job, attempt: 1) == "ssh/early" ? (_early, _late) : (_late, _early);
        await first.CutPowerAsync();
        await UntilAsync(async () => (await LogAsync(job, attempt: 2)).Contains("begins at step", StringComparison.Ordinal), () => "the second attempt");
        // Until it is back, nobody knows that the first attempt's instance is gone.
        await first.StartAsync();
        await UntilStoredAsync(job, attempt: 2, step: 60);
        await second.RunAsync("touch /tmp/release");
        JsonNode? ended = null;
        await UntilAsync(
            async () => (ended = await _server.Api.JobAsync(job))["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled" or "paused", () => "the end of the job: " + ended);

        Assert.True(ended!["state"]!.GetValue<string>() == "succeeded", ended + "\n" + _server.Server.Tail());
        Assert.Equal(["ssh/" + first.Name, "ssh/" + second.Name], ended["attempts"]!.AsArray().Select(attempt => attempt!["host"]!.GetValue<string>()));
        Assert.Equal("60", (await _read!.TextAsync(JobBucket.Prefix + "final/result")).Trim());
        await _read.CheckManifestsAsync(Name, job);
        Assert.Contains("begins at step 40", await LogAsync(job, attempt: 2), StringComparison.Ordinal);
        foreach (var (machine, attempt) in ((RentedMachine, int)[])[(first, 1), (second, 2)])
        {
            // The clocks were really off, the trainer's as well as the agent's.
            var offset = machine == _early ? _ahead : _behind;
            AssertNow(DateTimeOffset.FromUnixTimeSeconds(long.Parse(Clock().Match(await LogAsync(job, attempt)).Groups[1].Value, CultureInfo.InvariantCulture)) - offset);
            var manifest = await _read.ManifestAsync((await ManifestsAsync(job, attempt))[0]);
            AssertNow(DateTimeOffset.Parse(manifest["takenAt"]!.GetValue<string>(), CultureInfo.InvariantCulture) - offset);
            await UntilAsync(() => Task.FromResult(Directory.GetDirectories(machine.Root + "/instances").Length == 0), () => "nothing left on " + machine.Name);
        }

        await TimesAreOursAsync(job);
    }

    private static async Task SetAsync(RentedMachine machine, TimeSpan offset)
    {
        await machine.InitializeAsync();
        // It is seen there at the same path.
        var library = Path.Combine(Path.GetDirectoryName(machine.Root)!, "clock.so");
        await OtherClock.CompileAsync(library, offset);
        await machine.RunAsync("echo \"$1\" >/etc/ld.so.preload", library);
    }

    /// <summary>Its first attempt ends at step 40, and none ends before somebody makes /tmp/release on its machine.</summary>
    private async Task<long> SubmitAsync()
    {
        var spec = Path.Combine(_server.Site.Work, Name + ".yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: {{Name}}
            run: |
              step=0
              if [ -n "$ORCHESTRATOR_RESUME_FROM" ]; then step=$(cat "$ORCHESTRATOR_RESUME_FROM/step"); fi
              echo "begins at step $step when it is $(date +%s)"
              last=60
              [ "$ORCHESTRATOR_ATTEMPT" != 1 ] || last=40
              while [ $step -lt $last ]; do
                step=$((step + 20))
                mkdir $ORCHESTRATOR_CHECKPOINT_DIR/.new && echo $step >$ORCHESTRATOR_CHECKPOINT_DIR/.new/step && mv $ORCHESTRATOR_CHECKPOINT_DIR/.new $ORCHESTRATOR_CHECKPOINT_DIR/step-$step
              done
              until [ -e /tmp/release ]; do sleep 0.2; done
              mkdir -p $ORCHESTRATOR_OUTPUT_DIR && echo $step >$ORCHESTRATOR_OUTPUT_DIR/result
            resources: {gpu: none, cpu: 1, memory: 64MB}
            providers: [ssh]
            checkpoints: {path: /ckpt, format: files, complete: {rename: true}, keep: 100, after-success: keep}
            outputs: [{from: /out, to: "s3://{{_bucket}}/team-a/final/", when: success}]
            progress: none
            """);
        return await _server.Api.SubmitAsync(spec);
    }

    /// <summary>Whatever a person may ask for.</summary>
    private async Task TimesAreOursAsync(long job)
    {
        foreach (var what in (string[])[$"jobs/{job}", $"jobs/{job}/events", $"jobs/{job}/checkpoints", "jobs"])
        {
            var times = Time().Matches((await _server.Api.GetAsync(what)).ToJsonString()).Select(match => DateTimeOffset.Parse(match.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)).ToList();
            Assert.NotEmpty(times);
            Assert.All(times, AssertNow);
        }
    }

    private void AssertNow(DateTimeOffset time) => Assert.InRange(time, _began.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));

    private async Task<string> HostAsync(long job, int attempt) => (await _server.Api.JobAsync(job))["attempts"]![attempt - 1]!["host"]!.GetValue<string>();

    private async Task<string> LogAsync(long job, int attempt) =>
        (await _server.Orc("logs", job.ToString(CultureInfo.InvariantCulture), "--attempt", attempt.ToString(CultureInfo.InvariantCulture))).Output;

    private async Task<List<string>> ManifestsAsync(long job, int attempt) =>
        [.. (await _read!.ManifestsAsync(Name, job)).Where(key => key.Contains(string.Create(CultureInfo.InvariantCulture, $"/a{attempt:D4}/"), StringComparison.Ordinal))];

    private Task UntilStoredAsync(long job, int attempt, long step) => UntilAsync(
        async () => (await Task.WhenAll((await ManifestsAsync(job, attempt)).Select(_read!.StepAsync))).Contains(step), () => $"step {step} of attempt {attempt} in the bucket");

    /// <summary>A narrow terminal breaks lines anywhere.</summary>
    private async Task<string> DoctorAsync() => string.Join(' ', (await _server.Orc("doctor")).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        try
        {
            await Wait.UntilAsync(condition, "", _patience, TimeSpan.FromMilliseconds(300));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"never happened: {what()}\n{_server.Server.Tail()}");
        }
    }

    [GeneratedRegex(@"ssh/early .*its clock is off by (5h00m|4h59m); set its clock \(NTP\)")]
    private static partial Regex EarlyIsOff();

    [GeneratedRegex(@"ssh/late .*its clock is off by (4h00m|3h59m); set its clock \(NTP\)")]
    private static partial Regex LateIsOff();

    [GeneratedRegex("it is ([0-9]+)")]
    private static partial Regex Clock();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")]
    private static partial Regex Time();
}
