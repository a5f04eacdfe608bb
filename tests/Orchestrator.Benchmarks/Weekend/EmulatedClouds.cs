using System.Net;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Control;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Emulators.Vast;
using Orchestrator.Simulation.Markets;

namespace Orchestrator.Drills.Weekend;

/// <summary>All emulated clouds over one Docker engine and one market, with the page of their switches.</summary>
public sealed class EmulatedClouds : IAsyncDisposable
{
    /// <summary>Of whoever uses them; nothing else is let in.</summary>
    public const string Key = "emulated-key-4711";

    private static readonly TimeSpan _marketEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ends = new();
    private readonly List<EmulatorServer> _servers = [];
    private readonly List<DockerBackend> _backends = [];
    private readonly VastEmulator _vast;
    private readonly RunPodEmulator _runPod;
    private readonly LambdaEmulator _lambda;
    private readonly DockerMachines? _machines;
    private readonly MarketFeed _feed;
    private ControlServer? _control;
    private Task _market = Task.CompletedTask;

    private EmulatedClouds(long seed, MarketOptions market, string? machineImage, int dearer, int dearerBytes)
    {
        _backends.AddRange([Backend("vast"), Backend("runpod")]);
        _vast = new VastEmulator(TimeProvider.System, _backends[0]) { Key = Key, Credit = 500 * dearer, Switches = new VastSwitches { RateLimits = true, Provisioning = Second(1), Creating = Second(1), Loading = Second(2), Opening = Second(1) } };
        _runPod = new RunPodEmulator(TimeProvider.System, _backends[1]) { Key = Key, Balance = 500 * dearer, Switches = new RunPodSwitches { Quotas = new RunPodQuotas(), Provisioning = Second(1), Pulling = Second(2), Opening = Second(1) } };
        _machines = machineImage is null || SocketOf(Environment.GetEnvironmentVariable("DOCKER_HOST")) is not { } socket ? null : new DockerMachines("lambda", socket, machineImage);
        _lambda = new LambdaEmulator(TimeProvider.System, _machines) { Key = Key, Switches = new LambdaSwitches { RateLimits = true, Booting = Second(2), Terminating = Second(2) } };
        _feed = new MarketFeed(seed, market, TimeProvider.System, dearer, dearerBytes);
        All = [Clouds.Of(_vast), Clouds.Of(_runPod), Clouds.Of(_lambda)];
    }

    /// <summary>Vast.ai, RunPod, Lambda.</summary>
    public IReadOnlyList<CloudControls> All { get; }

    public Uri Page => _control!.Address;

    /// <param name="seed">Of the market.</param>
    /// <param name="market">How large it is.</param>
    /// <param name="machineImage">What machines of Lambda are made of; null = they have a state and nothing behind it.</param>
    /// <param name="port">Of the page; the APIs have the next ones. Zero = any that are free.</param>
    /// <param name="dearer">How many times a card costs what it does in the market.</param>
    /// <param name="dearerBytes">The same for what is moved.</param>
    public static async Task<EmulatedClouds> StartAsync(long seed, MarketOptions market, string? machineImage, int port = 0, int dearer = 1, int dearerBytes = 1)
    {
        var clouds = new EmulatedClouds(seed, market, machineImage, dearer, dearerBytes);
        clouds._feed.Show(clouds._vast, clouds._runPod, clouds._lambda);
        foreach (var (cloud, at) in clouds.All.Select((cloud, at) => (cloud, at)))
        {
            clouds._servers.Add(await EmulatorServer.StartAsync(cloud.Api, port == 0 ? 0 : port + 1 + at));
        }

        clouds._control = await ControlServer.StartAsync(clouds.All, port);
        clouds._market = clouds.PassAsync();
        return clouds;
    }

    /// <summary>Lines of orchestrator.yaml that lead a server here.</summary>
    /// <param name="names">Of the clouds; the key of each is expected in <see cref="Key"/>'s file.</param>
    /// <param name="keyFile">Holds the key.</param>
    public string Accounts(IReadOnlyCollection<string> names, string keyFile) => "accounts:\n" + string.Concat(
        All.Zip(_servers).Where(pair => names.Contains(pair.First.Name)).Select(pair => $"  {pair.First.Name}: {{endpoint: {pair.Second.Address.AbsoluteUri.TrimEnd('/')}, key: {{file: {keyFile}}}}}\n"));

    /// <summary>A port that leads to a server of this machine and counts what rented hosts move there; its owner ends it.</summary>
    public TrafficRelay RelayTo(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return TrafficRelay.OfHosts(
            new IPEndPoint(IPAddress.Parse(server.Host), server.Port),
            (client, here) => ContainerSockets.OwnerOf(client, here, container => _backends.Select(backend => backend.CountOf(container)).FirstOrDefault(count => count is not null)));
    }

    /// <summary>Containers that are still there, whoever should have ended them.</summary>
    public async Task<IReadOnlyList<string>> ContainersAsync() => [.. (await Task.WhenAll([.. _backends.Select(backend => backend.LeftAsync()), _machines?.LeftAsync() ?? Task.FromResult<string[]>([])])).SelectMany(left => left)];

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _market;
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await (_control?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }

        await (_machines?.DisposeAsync() ?? ValueTask.CompletedTask);

        _ends.Dispose();
    }

    private async Task PassAsync()
    {
        using var timer = new PeriodicTimer(_marketEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(_ends.Token))
            {
                _feed.Show(_vast, _runPod, _lambda);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>Of the daemon that DOCKER_HOST names, which makes no networks: containers have the machine's.</summary>
    private static DockerBackend Backend(string name) => new(name, hasNetworks: false);

    private static string? SocketOf(string? host) => host?.StartsWith("unix://", StringComparison.Ordinal) == true ? host["unix://".Length..] : null;

    private static TimeSpan Second(double seconds) => TimeSpan.FromSeconds(seconds);
}
