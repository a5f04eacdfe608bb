using System.Runtime.InteropServices;
using Orchestrator.Drills.Kit;
using Orchestrator.Emulators;
using Orchestrator.Simulation.Markets;

namespace Orchestrator.Drills.Weekend;

/// <summary>What a weekend happens in: emulated clouds, a store whose traffic is on their bills, and a server with accounts there.</summary>
public sealed class WeekendWorld : IAsyncDisposable
{
    /// <summary>Offers to begin with.</summary>
    private const int Enough = 20;

    private readonly Products _products;
    private readonly WeekendOptions _options;
    private readonly PosixSignalRegistration _interrupted;
    private readonly PosixSignalRegistration _terminated;
    private readonly List<ServerProcess> _servers = [];
    private TrafficRelay? _store;

    private WeekendWorld(Products products, WeekendOptions options, EmulatedClouds clouds)
    {
        (_products, _options, Clouds) = (products, options, clouds);
        _interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Abandon());
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Abandon());
    }

    /// <summary>Ten times what it takes on a machine that has nothing else to do.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(25);

    public EmulatedClouds Clouds { get; }

    public Site Site { get; } = new("weekend");

    /// <summary>The one that was started last.</summary>
    public ServerProcess Server => _servers[^1];

    /// <summary>What all that were started have written with this word in it.</summary>
    public string LinesWith(string word) => string.Join('\n', _servers.Select(server => server.LinesWith(word)).Where(lines => lines.Length > 0));

    /// <param name="products">The server and the agent.</param>
    /// <param name="options">Seed, clouds, store, sabotage.</param>
    /// <param name="instances">Most at one time.</param>
    /// <param name="settings">More lines of its orchestrator.yaml.</param>
    public static async Task<WeekendWorld> StartAsync(Products products, WeekendOptions options, int instances, string settings = "")
    {
        ArgumentNullException.ThrowIfNull(options);
        var clouds = await EmulatedClouds.StartAsync(options.Seed, new MarketOptions { Cards = ["RTX 4090"], Hosts = 60 }, options.MachineImage, dearer: WeekendPlan.Dearer, dearerBytes: WeekendPlan.DearerBytes);
        var world = new WeekendWorld(products, options, clouds);
        try
        {
            await world.ConfigureAsync(instances, settings);
            await world.StartServerAsync();
            await Wait.UntilAsync(world.AreOfferedAsync, "offers of the emulated clouds", Patience, TimeSpan.FromSeconds(1));
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>On the same data folder; the one before must be gone.</summary>
    public async Task StartServerAsync()
    {
        Dictionary<string, string> environment = new() { ["ORCHESTRATOR_TUNING"] = WeekendTuning.Text };
        if (_options.Sabotage is { } sabotage)
        {
            environment["ORCHESTRATOR_SABOTAGE"] = sabotage;
        }

        _servers.Add(ServerProcess.Start(_products, Site, environment));
        await Server.UntilHealthyAsync();
    }

    /// <summary>A checkpoint of the job is whole in the store.</summary>
    public async Task<bool> HasSavedAsync(long job) =>
        (await Server.Api.GetAsync($"jobs/{job}/checkpoints")).AsArray().Any(one => one!["state"]!.GetValue<string>() == "committed");

    /// <summary>Instances and containers that are there.</summary>
    public async Task<int> CountAsync() =>
        Math.Max(Clouds.All.Sum(cloud => cloud.Bills().Count(bill => !bill.IsGone)), (await Clouds.ContainersAsync()).Count);

    /// <summary>Waits for what is under way, and counts what stays.</summary>
    public async Task<int> LeftAsync(TimeSpan limit)
    {
        try
        {
            await Wait.UntilAsync(async () => await CountAsync() == 0, "the end of all that was rented", limit, TimeSpan.FromSeconds(1));
            return 0;
        }
        catch (TimeoutException)
        {
            return await CountAsync();
        }
    }

    /// <summary>Instances beside the first under one label: each launch may rent one.</summary>
    public int Duplicates() =>
        Clouds.All.SelectMany(cloud => cloud.Bills()).GroupBy(bill => bill.Label, StringComparer.Ordinal).Where(of => of.Key.Length > 0).Sum(of => of.Count() - 1);

    /// <summary>The next calls there meet it.</summary>
    public void Throw(IEnumerable<(string Cloud, string Name)> trouble)
    {
        ArgumentNullException.ThrowIfNull(trouble);
        foreach (var (name, what) in trouble)
        {
            _ = Clouds.All.First(cloud => cloud.Name == name).Throw(what, null) ? true : throw new InvalidOperationException($"{name} has no trouble {what}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _servers.ForEach(server => server.Dispose());
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Clouds.DisposeAsync();
        Site.Dispose();
        _interrupted.Dispose();
        _terminated.Dispose();
    }

    private async Task ConfigureAsync(int instances, string settings)
    {
        var facts = (await File.ReadAllLinesAsync(_options.Store)).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        var endpoint = new Uri(facts["S3_ENDPOINT"]);
        // Hosts and server reach it by one address; what a host moves there is on its bill.
        _store = Clouds.RelayTo(endpoint);
        var keys = await SecretAsync("bucket-keys", $"[default]\naws_access_key_id = {facts["S3_ACCESS_KEY"]}\naws_secret_access_key = {facts["S3_SECRET_KEY"]}\n");
        await File.AppendAllTextAsync(
            Path.Combine(Site.Data, "orchestrator.yaml"),
            $$"""
            limits: {max-instances: {{instances}}}
            stores:
              lab: {bucket: {{facts["S3_BUCKET"]}}, endpoint: {{endpoint.Scheme}}://127.0.0.1:{{_store.Port}}, profile: ceph, credentials: {file: {{keys}}}, default: true}
            {{Clouds.Accounts(_options.Clouds, await SecretAsync("cloud-key", EmulatedClouds.Key + "\n"))}}
            {{settings}}
            """);
    }

    private async Task<string> SecretAsync(string name, string text)
    {
        var file = Path.Combine(Site.Work, name);
        await File.WriteAllTextAsync(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private async Task<bool> AreOfferedAsync()
    {
        var seen = (await Server.Api.GetAsync("offers")).AsArray().Select(offer => offer!["provider"]!.GetValue<string>()).ToList();
        return _options.Clouds.All(seen.Contains) && (!_options.Clouds.Contains("vast") || seen.Count(provider => provider == "vast") >= Enough);
    }

    /// <summary>Ends what a drill leaves that is broken off; the containers go with the daemon of the script.</summary>
    private void Abandon()
    {
        try
        {
            Site.Dispose();
        }
        finally
        {
            Environment.Exit(130);
        }
    }
}
