using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.IntegrationTests.Support.Ssh;
using Orchestrator.Protocol;
using Orchestrator.Providers;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts;

/// <summary>The control channel and the way back to the store, over a real sshd.</summary>
public sealed class SshDialerTests : IAsyncLifetime
{
    private readonly TestMachine _machine = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-dial-").FullName;
    private SshNetwork _network = null!;

    private string Root => Path.Combine(_machine.Root, "one");

    public async Task InitializeAsync()
    {
        _network = new(new KnownMachines(Path.Combine(_folder, "known-machines")), new SshSettings { ProbeEvery = TimeSpan.FromSeconds(2) });
        await _machine.InitializeAsync();
        if (Sshd.Program is not null)
        {
            await Sshd.RunAsync(AgentBinary.Path, "supervise", "--root", Root, "--label", "orc-test-1-1", "--detach");
        }
    }

    public async Task DisposeAsync()
    {
        _network.Dispose();
        if (Sshd.Program is not null)
        {
            await Sshd.RunAsync(AgentBinary.Path, "destroy", "--root", Root);
        }

        await _machine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [FactWithSshd]
    public async Task The_agent_says_hello_through_the_channel_as_often_as_one_dials()
    {
        var dialer = new SshDialer(_network, new NoStoreRelay());
        for (var visit = 0; visit < 3; visit++)
        {
            await using var connection = await dialer.DialAsync(Endpoint(_machine.Address), CancellationToken.None);
            Assert.Equal("orc-test-1-1", (await HelloAsync(connection)).Label);
        }
    }

    [FactWithSshd]
    public async Task More_channels_than_one_connection_carries_are_open_at_once()
    {
        var dialer = new SshDialer(_network, new NoStoreRelay());
        var open = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => dialer.DialAsync(Endpoint(_machine.Address), CancellationToken.None)));
        try
        {
            Assert.All(await Task.WhenAll(open.Select(HelloAsync)), hello => Assert.Equal("orc-test-1-1", hello.Label));
        }
        finally
        {
            foreach (var connection in open)
            {
                await connection.DisposeAsync();
            }
        }
    }

    [FactWithSshd]
    public async Task A_cut_connection_ends_the_channel()
    {
        await using var wire = new TcpProxy(_machine.Ip, _machine.Port);
        var there = Endpoint(_machine.Address with { Host = "127.0.0.1", Port = wire.Port });
        var dialer = new SshDialer(_network, new NoStoreRelay());
        await using var connection = await dialer.DialAsync(there, CancellationToken.None);
        await HelloAsync(connection);
        var rest = EndAsync(connection);

        wire.Cut();

        // Sooner than an agent would leave a server that does not welcome it.
        await rest.WaitAsync(TimeSpan.FromSeconds(12));
        await using var next = await dialer.DialAsync(there, CancellationToken.None);
        await HelloAsync(next);
    }

    [FactWithSshd]
    public async Task A_frozen_connection_ends_the_channel_too()
    {
        var dialer = new SshDialer(_network, new NoStoreRelay());
        await using var connection = await dialer.DialAsync(Endpoint(_machine.Address), CancellationToken.None);
        await HelloAsync(connection);
        var rest = EndAsync(connection);

        _machine.FreezeConnections();

        await rest.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [FactWithSshd]
    public async Task The_store_is_reached_from_the_machine_and_nothing_else_is()
    {
        var store = new FolderStore(Path.Combine(_folder, "store"), new byte[32], () => new Uri("http://127.0.0.1:1/store"), TimeProvider.System);
        await store.WriteAsync("a/b", new MemoryStream("hello"u8.ToArray()), 5, onlyIfAbsent: true, CancellationToken.None);
        using var relay = new FolderStoreRelay(_network, [store], "e1", () => new Uri("http://127.0.0.1:1"), NullLogger<FolderStoreRelay>.Instance);

        Task<string> There(string address) => relay.ReachAsync(_machine.Address, address, CancellationToken.None);

        var signed = store.SignGet("a/b", DateTimeOffset.UtcNow.AddMinutes(5)).Url;
        var url = new Uri(await There(signed));
        Assert.NotEqual(1, url.Port);
        Assert.Equal("http://bucket.example.org/x?y", await There("http://bucket.example.org/x?y"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Assert.Equal("hello", await http.GetStringAsync(url));
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(new Uri(url, "/store?key=a/b"))).StatusCode);
        foreach (var path in (string[])["/", "/api/v1/jobs", "/hangfire", "/health", "/login", "/store/../api/v1/jobs"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(url, path))).StatusCode);
        }

        // The way is opened again by itself, at the same port or another.
        _machine.Cut();
        await _machine.StartAsync();
        await Eventually.HoldsAsync(async () => await AnswersAsync(http, () => There(signed)), TimeSpan.FromSeconds(120), "the way back to the store was never opened again");
    }

    /// <summary>Whoever is on a machine may hold all that its way to the store takes, and more, and keeps nobody else from storing.</summary>
    [FactWithSshd]
    public async Task Connections_held_on_one_machine_shut_out_no_other()
    {
        var store = new FolderStore(Path.Combine(_folder, "store"), new byte[32], () => new Uri("http://127.0.0.1:1/store"), TimeProvider.System);
        await store.WriteAsync("a/b", new MemoryStream("hello"u8.ToArray()), 5, onlyIfAbsent: true, CancellationToken.None);
        using var relay = new FolderStoreRelay(_network, [store], "e1", () => new Uri("http://127.0.0.1:1"), NullLogger<FolderStoreRelay>.Instance);
        var signed = store.SignGet("a/b", DateTimeOffset.UtcNow.AddHours(1)).Url;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Task<string> Here() => relay.ReachAsync(_machine.Address, signed, CancellationToken.None);
        Task<string> Beside() => relay.ReachAsync(_machine.Address with { Name = "neighbour" }, signed, CancellationToken.None);
        var patience = TimeSpan.FromMinutes(3);
        await Eventually.HoldsAsync(() => AnswersAsync(http, Beside), patience, "the neighbour has no way to the store");
        await Eventually.HoldsAsync(() => AnswersAsync(http, Here), patience, "the machine has no way to the store");
        var neighbour = await Beside();
        var port = new Uri(await Here()).Port;

        List<TcpClient> holders = [];
        try
        {
            foreach (var held in new[] { FolderStoreListener.MostConnections + 10, 400 })
            {
                while (holders.Count < held)
                {
                    holders.Add(await BeginAsync(port));
                }

                // One that was open before would say nothing of new ones.
                using var anew = new HttpClient(new SocketsHttpHandler { UseProxy = false });
                Assert.Equal("hello", await anew.GetStringAsync(neighbour));
            }
        }
        finally
        {
            holders.ForEach(holder => holder.Dispose());
        }

        await Eventually.HoldsAsync(() => AnswersAsync(http, Here), patience, "the machine itself is shut out for ever");
    }

    [FactWithSshd]
    public async Task A_machine_that_permits_no_forwarding_serves_buckets_and_says_what_to_change_for_the_folder()
    {
        var configuration = Path.Combine(Path.GetDirectoryName(_machine.KeyFile)!, "sshd.conf");
        _machine.Cut();
        await File.WriteAllTextAsync(configuration, (await File.ReadAllTextAsync(configuration)).Replace("AllowTcpForwarding yes", "AllowTcpForwarding no", StringComparison.Ordinal));
        await _machine.StartAsync();
        var store = new FolderStore(Path.Combine(_folder, "store"), new byte[32], () => new Uri("http://127.0.0.1:1/store"), TimeProvider.System);
        using var relay = new FolderStoreRelay(_network, [store], "e1", () => new Uri("http://127.0.0.1:1"), NullLogger<FolderStoreRelay>.Instance);

        await using var connection = await new SshDialer(_network, relay).DialAsync(Endpoint(_machine.Address), CancellationToken.None);

        Assert.Equal("http://bucket.example.org/x?y", await connection.StoreUrlAsync("http://bucket.example.org/x?y", CancellationToken.None));
        var refused = await Assert.ThrowsAsync<ProviderException>(() => connection.StoreUrlAsync(store.SignGet("a/b", DateTimeOffset.UtcNow.AddMinutes(5)).Url, CancellationToken.None));
        Assert.Contains("AllowTcpForwarding", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<TcpClient> BeginAsync(int port)
    {
        var holder = new TcpClient();
        try
        {
            await holder.ConnectAsync(IPAddress.Loopback, port);
            await holder.GetStream().WriteAsync("G"u8.ToArray());
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
            // One too many.
        }

        return holder;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Func<Task<string>> url)
    {
        try
        {
            return await http.GetStringAsync(new Uri(await url())) == "hello";
        }
        catch (Exception away) when (away is HttpRequestException or ProviderException)
        {
            return false;
        }
    }

    private static async Task<Hello> HelloAsync(IAgentConnection connection)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return Assert.IsType<Hello>(await new MessageReader(connection.FromAgent).ReadAsync(limit.Token));
    }

    /// <summary>Completes when nothing more comes, whichever way the stream says so.</summary>
    private static async Task EndAsync(IAgentConnection connection)
    {
        var buffer = new byte[4096];
        try
        {
            while (await connection.FromAgent.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Cut.
        }
    }

    private SshEndpoint Endpoint(MachineAddress machine) => new(machine, Root, AgentBinary.Path);
}
