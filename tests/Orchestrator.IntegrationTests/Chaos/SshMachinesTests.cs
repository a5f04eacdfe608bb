using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Support.Ssh;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>Whole jobs on machines that are reached over SSH only; the store is the server's own folder, reached through the connection.</summary>
public sealed class SshMachinesTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(240);
    private readonly TestServer _server = new();
    private readonly TestMachine _cheap = new("cheap");
    private readonly TestMachine _dear = new("dear");

    public async Task InitializeAsync()
    {
        if (Sshd.Program is null)
        {
            return;
        }

        await _cheap.InitializeAsync();
        await _dear.InitializeAsync();
        _server.Environment["ORCHESTRATOR_TUNING"] =
            "lease=60,lease-margin=1,effect-timeout=25,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=8,silence=4,loss-max-wait=20,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2";
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _cheap.DisposeAsync();
        await _dear.DisposeAsync();
    }

    [FactWithSshd]
    public async Task A_job_whose_machine_loses_power_resumes_on_another_and_the_first_is_cleaned_when_it_returns()
    {
        await ServeAsync("");
        var plan = new TrainerPlan { Name = "two-machines", Seed = 41, Steps = 600, Every = 40, Pace = 0.1, Extra = "providers: [ssh]" };
        var job = await _server.SubmitAsync(plan);
        await UntilStoredAsync(plan, job, 2);
        Assert.Contains(_cheap.Running(), process => process.Arguments.Contains("supervise"));
        // Its offers are looked at all the while, by a shell that is gone again in a moment.
        Assert.DoesNotContain(_dear.Running(), process => process.Arguments.Contains("supervise"));

        await _cheap.PowerOffAsync();

        await UntilAsync(() => _dear.Running().Any(process => process.Arguments.Contains("supervise")), "the next attempt on the other machine");
        // The machine is off: what it held is not known to be gone, so the old attempt stays on the books.
        Assert.NotEmpty(Directory.GetDirectories(_cheap.Instances));
        await _cheap.StartAsync();
        await UntilAsync(() => Directory.GetDirectories(_cheap.Instances).Length == 0, "the old attempt's end after its machine returned");
        var ended = await SucceedsAsync(plan, job);

        Assert.Equal(["ssh/cheap", "ssh/dear"], ended["attempts"]!.AsArray().Select(attempt => attempt!["host"]?.GetValue<string>()));
        Assert.True(plan.Ledger(_server.Site).Last(line => line.Kind == "start").Step > 0, "it began again from nothing");
    }

    /// <summary>A minute of silence on the wire while training goes on: no second attempt, and not a line of the log is missing.</summary>
    [FactWithSshd]
    public async Task A_network_that_is_cut_for_a_minute_costs_nothing()
    {
        // The cut must end well before the machine is given up, also where connecting again takes its time.
        _server.Environment["ORCHESTRATOR_TUNING"] += ",loss-max-wait=600";
        await using var wire = new TcpProxy(_cheap.Ip, _cheap.Port);
        await ServeAsync("", wire.Port);
        var plan = new TrainerPlan { Name = "cut-wire", Seed = 42, Steps = 400, Every = 40, Pace = 0.1, Extra = "providers: [ssh/cheap]", IsHeld = true };
        var job = await _server.SubmitAsync(plan);
        await UntilStoredAsync(plan, job, 1);

        wire.Swallow(true);
        await Task.Delay(TimeSpan.FromSeconds(60));
        wire.Cut();
        wire.Swallow(false);
        plan.Release(_server.Site);

        var ended = await SucceedsAsync(plan, job);
        Assert.True(ended["attempts"]!.AsArray().Count == 1, ended.ToString());
        Assert.Single(plan.Ledger(_server.Site), line => line.Kind == "start");
        var said = (await _server.Api.LogAsync(job)).Split('\n').Where(line => line.Contains("saved step", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[^1]);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (40 * i).ToString(CultureInfo.InvariantCulture)), said);
    }

    [FactWithSshd]
    public async Task Doctor_says_what_each_machine_has_and_what_is_wrong_with_it()
    {
        _dear.Cut();
        await ServeAsync("");

        var words = "";
        await UntilAsync(
            async () =>
            {
                // A narrow terminal breaks lines anywhere.
                words = string.Join(' ', (await _server.Orc("doctor")).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                return words.Contains("0 of 2 slots in use", StringComparison.Ordinal);
            },
            () => "doctor shows the machine that answers: " + words + "\n" + _server.Server.Tail());

        Assert.Contains("machine dear: " + _dear.Ip, words, StringComparison.Ordinal);
        Assert.Contains("refuses the connection", words, StringComparison.Ordinal);
    }

    [FactWithSshd]
    public async Task A_changed_host_key_and_a_refused_key_are_told_and_cost_one_attempt_of_one_job()
    {
        // The same machine twice, once with another machine's key.
        await ServeAsync("", more: string.Create(CultureInfo.InvariantCulture, $"\n  locked: {{address: {_dear.Ip}, port: {_dear.Port}, user: {Environment.UserName}, key: {_cheap.KeyFile}, root: {_dear.Root}-locked, price: $0.01/h}}"));
        var plan = new TrainerPlan { Name = "swindled", Seed = 45, Steps = 600, Every = 40, Pace = 0.1, Extra = "providers: [ssh]" };
        var beside = new TrainerPlan { Name = "beside", Seed = 46, Steps = 300, Every = 40, Pace = 0.1, Extra = "providers: [ssh/dear]" };
        var job = await _server.SubmitAsync(plan);
        var other = await _server.SubmitAsync(beside);
        await UntilStoredAsync(plan, job, 1);

        // As if somebody stood in between.
        _cheap.Cut();
        await _cheap.NewHostKeyAsync();
        await _cheap.StartAsync();

        await UntilAsync(() => plan.Ledger(_server.Site).Count(line => line.Kind == "start") == 2, "training on the other machine");
        var words = "";
        await UntilAsync(
            async () =>
            {
                words = string.Join(' ', (await _server.Orc("doctor")).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                return words.Contains("HOST KEY HAS CHANGED", StringComparison.Ordinal) && words.Contains("does not accept", StringComparison.Ordinal);
            },
            () => "doctor tells both: " + words);
        Assert.Contains($"now it is {await _cheap.FingerprintAsync()}", words, StringComparison.Ordinal);
        Assert.Contains("machine locked: ", words, StringComparison.Ordinal);
        // A person looked, and takes it for the machine's new key.
        var known = Path.Combine(_server.Site.Data, "known-machines");
        await File.WriteAllLinesAsync(known, (await File.ReadAllLinesAsync(known)).Where(line => !line.StartsWith("cheap ", StringComparison.Ordinal)));

        var ended = await SucceedsAsync(plan, job);
        Assert.Equal(["ssh/cheap", "ssh/dear"], ended["attempts"]!.AsArray().Select(attempt => attempt!["host"]?.GetValue<string>()));
        Assert.True(plan.Ledger(_server.Site).Last(line => line.Kind == "start").Step > 0, "it began again from nothing");
        Assert.Single((await SucceedsAsync(beside, other))["attempts"]!.AsArray());
    }

    [FactWithSshd]
    public async Task A_machine_that_is_about_to_expire_is_drained_and_the_job_goes_on_elsewhere()
    {
        // A rental of less than twenty minutes is not begun; with this much time for the flush it is drained when twenty are left.
        _server.Environment["ORCHESTRATOR_TUNING"] += ",rental-flush=1020";
        var expires = DateTimeOffset.UtcNow.AddMinutes(22);
        await ServeAsync($", expires: \"{expires.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\"");
        // Until it is prepared a machine offers nothing, and the job would take the other one.
        var offered = "";
        await UntilAsync(async () => (offered = (await _server.Orc("offers", "--json")).Output).Contains("ssh/cheap", StringComparison.Ordinal), () => "an offer of the machine that expires: " + offered);
        var plan = new TrainerPlan { Name = "expiry", Seed = 43, Steps = 3000, Every = 40, Pace = 0.1, Extra = "providers: [ssh]" };
        var job = await _server.SubmitAsync(plan);
        await UntilStoredAsync(plan, job, 1);

        await UntilAsync(() => plan.Ledger(_server.Site).Count(line => line.Kind == "start") == 2, "training on the machine that stays");

        var attempts = (await _server.Api.JobAsync(job))["attempts"]!.AsArray();
        Assert.Equal(["ssh/cheap", "ssh/dear"], attempts.Select(attempt => attempt!["host"]!.GetValue<string>()));
        Assert.True(DateTimeOffset.UtcNow < expires, "it was left after the cut");
        Assert.True(plan.Ledger(_server.Site).Last(line => line.Kind == "start").Step > 0, "it began again from nothing");
    }

    [FactWithSshd]
    public async Task A_person_enters_a_job_on_a_machine_and_reaches_its_ports()
    {
        await ServeAsync("");
        var plan = new TrainerPlan { Name = "visited", Seed = 44, IsHeld = true, Extra = "providers: [ssh/cheap]" };
        var job = await _server.SubmitAsync(plan);
        await UntilAsync(() => plan.Ledger(_server.Site).Any(line => line.Kind == "start"), "training");

        await Visit.CheckAsync(_server, job);

        // The machine's loopback is ours: what answers there is our own server.
        var port = FreePort();
        using var forward = _server.StartOrc("forward", "visited", $"{port}:{_server.Api.Url.Port}");
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            await UntilAsync(() => AnswersAsync(http, new Uri($"http://127.0.0.1:{port}/healthz")), () => "an answer through the forward");
        }
        finally
        {
            forward.Kill(entireProcessTree: true);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri address)
    {
        try
        {
            return (await http.GetAsync(address)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync(string cheap, int? cheapPort = null, string more = "")
    {
        var site = new Site("ssh");
        await File.WriteAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""
            machines:
              cheap: {address: {{(cheapPort is null ? _cheap.Ip : "127.0.0.1")}}, port: {{cheapPort ?? _cheap.Port}}, user: {{Environment.UserName}}, key: {{_cheap.KeyFile}}, root: {{_cheap.Root}}, slots: 2, price: $0.10/h{{cheap}}}
              dear: {address: {{_dear.Ip}}, port: {{_dear.Port}}, user: {{Environment.UserName}}, key: {{_dear.KeyFile}}, root: {{_dear.Root}}, slots: 2, price: $0.30/h}{{more}}
            """));
        await _server.StartAsync(site);
    }

    private async Task<JsonNode> SucceedsAsync(TrainerPlan plan, long job)
    {
        JsonNode? seen = null;
        await UntilAsync(
            async () => await TryJobAsync(job) is { } now && (seen = now)["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled" or "paused",
            () => $"the end of job {job}: {seen}\n{_server.Server.Tail()}");
        Assert.True(seen!["state"]!.GetValue<string>() == "succeeded", seen + "\n" + _server.Server.Tail());
        Assert.Equal(plan.Digest(), StoreLook.Digest(_server.Site, plan.Name, job));
        await UntilAsync(() => _cheap.Running().Count + _dear.Running().Count == 0, "the end of everything on the machines");
        Assert.All([_cheap, _dear], machine => Assert.True(!Directory.Exists(machine.Instances) || Directory.GetDirectories(machine.Instances).Length == 0));
        return seen;
    }

    private async Task<JsonNode?> TryJobAsync(long job)
    {
        try
        {
            return await _server.Api.JobAsync(job);
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private Task UntilStoredAsync(TrainerPlan plan, long job, int checkpoints) => UntilAsync(
        () => Task.FromResult(StoreLook.Manifests(_server.Site, plan.Name, job).Count >= checkpoints), () => $"{checkpoints} checkpoints of job {job}\n{_server.Server.Tail()}");

    private static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), () => what);

    private static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        try
        {
            await Wait.UntilAsync(condition, "", _patience, TimeSpan.FromMilliseconds(200));
        }
        catch (TimeoutException)
        {
            Assert.Fail("never happened: " + what());
        }
    }
}
