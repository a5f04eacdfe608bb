using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.IntegrationTests.Support.Ssh;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>A server that loses its own network, while everything on the other side goes on: two machines and a store, each behind a wire of its own.</summary>
[Collection(CephCollection.Name)]
public sealed class OwnNetworkTests(CephServer ceph) : IAsyncLifetime
{
    private const string Tuning =
        "lease=60,lease-margin=1,effect-timeout=25,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=8,silence=4,backoff=0.5,"
        + "effect-retry=4,destroy-retry=3,offer-retry=2,attend=2,network-silence=6,loopback-is-elsewhere=1";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(4);

    private readonly TestServer _server = new();
    private readonly TestMachine _cheap = new("cheap");
    private readonly TestMachine _dear = new("dear");
    private readonly List<TcpProxy> _wires = [];
    private JobBucket? _bucket;

    public async Task InitializeAsync()
    {
        if (new CephFactAttribute { OverSsh = true }.Skip is null)
        {
            await _cheap.InitializeAsync();
            await _dear.InitializeAsync();
        }
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _cheap.DisposeAsync();
        await _dear.DisposeAsync();
        foreach (var wire in _wires)
        {
            await wire.DisposeAsync();
        }

        _bucket?.Dispose();
    }

    [CephFact(OverSsh = true)]
    public async Task A_network_that_is_away_for_longer_than_a_host_may_be_silent_costs_nothing()
    {
        var maxWait = TimeSpan.FromMinutes(2);
        var name = await ServeAsync(maxWait);
        var plan = Plan("own-network");
        var job = await SubmitAsync(plan, name);
        await UntilAsync(() => plan.Ledger(_server.Site).Any(line => line.Kind == "start"), "training");

        await Task.WhenAll(_wires.Select(wire => wire.VanishAsync()));
        var away = Stopwatch.StartNew();
        await UntilAsync(async () => (await AlertsAsync()).Contains("this server's own network has been away since", StringComparison.Ordinal), "an alert");
        Assert.Contains("own network has been away since", Flat((await _server.Orc("show", plan.Name)).Output), StringComparison.Ordinal);
        await UntilAsync(() => away.Elapsed > maxWait * 1.25, "the end of an absence that is longer than a host may be silent");
        Assert.Single((await _server.Api.JobAsync(job))["attempts"]!.AsArray());
        _wires.ForEach(wire => wire.Return());
        plan.Release(_server.Site);

        var ended = await EndAsync(job);
        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended + _server.Server.Tail());
        Assert.True(ended["attempts"]!.AsArray().Count == 1, ended.ToString());
        Assert.Single(plan.Ledger(_server.Site), line => line.Kind == "start");
        Assert.Equal(plan.Digest(), JsonNode.Parse(await _bucket!.TextAsync("final/result.json"))!["digest"]!.GetValue<string>());
        var said = (await _server.Api.LogAsync(job)).Split('\n').Where(line => line.Contains("saved step", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[^1]);
        Assert.Equal(Enumerable.Range(1, plan.Steps / plan.Every).Select(i => (plan.Every * i).ToString(CultureInfo.InvariantCulture)), said);
        await UntilAsync(async () => !(await AlertsAsync()).Contains("own network", StringComparison.Ordinal), "the end of the alert");
    }

    [CephFact(OverSsh = true)]
    public async Task A_machine_that_vanishes_alone_is_lost_as_ever()
    {
        var name = await ServeAsync(TimeSpan.FromSeconds(20));
        var plan = Plan("dead-machine");
        var job = await SubmitAsync(plan, name);
        await UntilAsync(() => plan.Ledger(_server.Site).Any(line => line.Kind == "start"), "training");

        await _wires[0].VanishAsync();

        var told = "";
        await UntilAsync(
            async () =>
            {
                told += await AlertsAsync();
                return plan.Ledger(_server.Site).Count(line => line.Kind == "start") == 2;
            },
            "training on the other machine");
        Assert.Equal(["ssh/cheap", "ssh/dear"], (await _server.Api.JobAsync(job))["attempts"]!.AsArray().Select(attempt => attempt!["host"]?.GetValue<string>()));
        Assert.DoesNotContain("own network", told, StringComparison.Ordinal);
    }

    private static TrainerPlan Plan(string name) => new() { Name = name, Seed = 61, Steps = 400, Every = 40, Pace = 0.2, IsHeld = true };

    /// <returns>The bucket's name.</returns>
    private async Task<string> ServeAsync(TimeSpan maxWait)
    {
        var name = $"network-{Guid.NewGuid():N}"[..20];
        await ceph.MakeBucketAsync(name);
        _bucket = new(CephServer.Open(ceph.Settings(bucket: name)));
        _wires.AddRange(
        [
            new(_cheap.Ip, _cheap.Port, "127.0.1.1"),
            new(_dear.Ip, _dear.Port, "127.0.1.2"),
            new(ceph.Node.Endpoint.Host, ceph.Node.Endpoint.Port, "127.0.1.3"),
        ]);
        _server.Environment["ORCHESTRATOR_TUNING"] = string.Create(CultureInfo.InvariantCulture, $"{Tuning},loss-max-wait={maxWait.TotalSeconds}");
        var site = new Site("network");
        await File.WriteAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""
            machines:
              cheap: {address: 127.0.1.1, port: {{_wires[0].Port}}, user: {{Environment.UserName}}, key: {{_cheap.KeyFile}}, root: {{_cheap.Root}}, slots: 2, price: $0.10/h}
              dear: {address: 127.0.1.2, port: {{_wires[1].Port}}, user: {{Environment.UserName}}, key: {{_dear.KeyFile}}, root: {{_dear.Root}}, slots: 2, price: $0.30/h}
            stores:
              lab: {bucket: {{name}}, endpoint: "http://127.0.1.3:{{_wires[2].Port}}", profile: ceph, credentials: {file: {{ceph.KeyFile()}}}, default: true}

            """));
        await _server.StartAsync(site);
        var seen = "";
        await UntilAsync(
            async () =>
            {
                seen = (await _server.Orc("offers", "--json")).Output;
                return seen.Contains("ssh/cheap", StringComparison.Ordinal) && seen.Contains("ssh/dear", StringComparison.Ordinal);
            },
            "offers of both machines");
        return name;
    }

    private async Task<long> SubmitAsync(TrainerPlan plan, string bucket)
    {
        var spec = (plan with { Extra = "providers: [ssh]" }).Write(_server.Site, TestServer.Products);
        await File.WriteAllTextAsync(spec, (await File.ReadAllTextAsync(spec)).Replace("outputs: [{from: /out, when: success}]", $"outputs: [{{from: /out, to: \"s3://{bucket}/final/\"}}]", StringComparison.Ordinal));
        return await _server.Api.SubmitAsync(spec);
    }

    private async Task<JsonNode> EndAsync(long job)
    {
        JsonNode? seen = null;
        await UntilAsync(
            async () => (seen = await _server.Api.JobAsync(job))["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled" or "paused", "the end of the job");
        return seen!;
    }

    private async Task<string> AlertsAsync() => string.Join('\n', (await _server.Api.GetAsync("alerts"))!.AsArray().Select(alert => alert!["text"]!.GetValue<string>()));

    /// <summary>A narrow terminal breaks lines anywhere.</summary>
    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word != "trouble"));

    private Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        try
        {
            await Wait.UntilAsync(condition, "", _patience, TimeSpan.FromMilliseconds(500));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"never happened: {what}\n{_server.Server.Tail()}");
        }
    }
}
