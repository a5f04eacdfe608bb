using System.Net;
using System.Net.Sockets;
using Orchestrator.Emulators;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Rented;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>What hosts move is counted by real sockets, and by whose they are.</summary>
public sealed class TrafficRelayTests(TestDocker docker) : IClassFixture<TestDocker>
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Bytes_pass_unchanged_both_ways_and_are_counted_for_their_owner()
    {
        await using var echo = new Echo();
        var mine = new TrafficCount();
        (IPEndPoint Client, IPEndPoint Here)? asked = null;
        await using var relay = TrafficRelay.OfHosts(echo.Address, (client, here) =>
        {
            asked = (client, here);
            return mine;
        });
        var sent = new byte[3_000_000];
        Random.Shared.NextBytes(sent);

        using var client = await ConnectAsync(relay.Port);
        var back = await SendAsync(client, sent);

        Assert.Equal(sent, back);
        // The echo says one byte more, after the client's end.
        Assert.Equal(new HostTraffic(3_000_001, 3_000_000), mine.Now);
        Assert.Equal(((IPEndPoint)client.LocalEndPoint!, new IPEndPoint(IPAddress.Loopback, relay.Port)), (asked!.Value.Client, asked.Value.Here));
    }

    [Fact]
    public async Task Before_the_port_of_a_host_what_is_sent_there_is_received()
    {
        await using var echo = new Echo();
        var host = new TrafficCount();
        await using var relay = TrafficRelay.ToHost(echo.Address, host);
        using var client = await ConnectAsync(relay.Port);

        await SendAsync(client, new byte[1000]);

        Assert.Equal(new HostTraffic(1000, 1001), host.Now);
    }

    [Fact]
    public async Task What_is_nobodys_passes_as_well()
    {
        await using var echo = new Echo();
        await using var relay = TrafficRelay.OfHosts(echo.Address, (_, _) => null);
        using var client = await ConnectAsync(relay.Port);

        Assert.Equal("hello"u8.ToArray(), await SendAsync(client, "hello"u8.ToArray()));
    }

    /// <summary>A dead sshd must not seem to be alive.</summary>
    [Fact]
    public async Task Where_nobody_listens_a_client_is_closed_at_once_and_told_nothing()
    {
        var echo = new Echo();
        var address = echo.Address;
        await echo.DisposeAsync();
        var host = new TrafficCount();
        await using var relay = TrafficRelay.ToHost(address, host);
        using var client = await ConnectAsync(relay.Port);

        Assert.Equal(0, await client.ReceiveAsync(new byte[1]).WaitAsync(_patience));
        Assert.Equal(HostTraffic.None, host.Now);
    }

    [Fact]
    public async Task Whoever_accepts_and_says_nothing_is_silent_behind_it_too_until_it_ends()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        var relay = TrafficRelay.ToHost((IPEndPoint)silent.LocalEndPoint!, new TrafficCount());
        using var client = await ConnectAsync(relay.Port);
        var reads = client.ReceiveAsync(new byte[1]);
        using var accepted = await silent.AcceptAsync().WaitAsync(_patience);
        Assert.False(reads.IsCompleted);

        await relay.DisposeAsync();

        Assert.Equal(0, await reads.WaitAsync(_patience));
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(relay.Port));
    }

    [DockerFact]
    public async Task A_containers_image_and_connections_are_its_own_and_those_of_others_are_not()
    {
        Assert.True(RentedImage.HasCurl, "needs curl for what a container connects by: apt-get install curl");
        var folder = Directory.CreateTempSubdirectory("orc-traffic-").FullName;
        await RentedImage.PushAsync(docker, Path.Combine(folder, "image"));
        Directory.Delete(folder, recursive: true);
        await using var echo = new Echo();
        await using var backend = new DockerBackend("traffic", ["--host", docker.Host], hasNetworks: false);
        await using var relay = TrafficRelay.OfHosts(echo.Address, (client, here) => ContainerSockets.OwnerOf(client, here, backend.CountOf));
        // It connects before anybody knows that it runs; the echo is no answer that curl takes.
        var order = new ContainerOrder(RentedImage.NameIn(docker), "/bin/sh", ["-c", $"curl --silent http://127.0.0.1:{relay.Port}/; while :; do sleep 60; done"], [], [])
        {
            Login = (TestRegistry.User, TestRegistry.Password, docker.Registry),
        };

        backend.Start("1", order);
        await Eventually.HoldsAsync(() => Task.FromResult(backend.Ports("1") is not null && backend.Moved("1").Sent > 0), _patience, "no bytes: " + backend.Trouble("1"));
        using (var own = await ConnectAsync(relay.Port))
        {
            await SendAsync(own, new byte[500_000]);
        }

        var first = backend.Moved("1");
        Assert.InRange(first.Sent, 20, 1000);
        // A small Debian, compressed; and what came back.
        Assert.InRange(first.Received, 1_000_000, 200_000_000);

        // Its host keeps the image, and what was moved stays moved.
        backend.Stop("1");
        backend.Start("1", order);
        await Eventually.HoldsAsync(() => Task.FromResult(backend.Moved("1").Sent > first.Sent), _patience, "no bytes of the second start");
        backend.Destroy("1");
        await Eventually.HoldsAsync(async () => (await backend.LeftAsync()).Length == 0, _patience, "a container is left");
        var second = backend.Moved("1");
        Assert.Equal(2 * first.Sent, second.Sent);
        Assert.InRange(second.Received, first.Received, first.Received + first.Sent + 1);
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <returns>What came back, without the last byte.</returns>
    private static async Task<byte[]> SendAsync(Socket client, byte[] bytes)
    {
        var sending = Task.Run(async () =>
        {
            await client.SendAsync(bytes);
            client.Shutdown(SocketShutdown.Send);
        });
        using var back = new MemoryStream();
        await using var stream = new NetworkStream(client);
        await stream.CopyToAsync(back).WaitAsync(_patience);
        await sending;
        Assert.Equal((byte)'.', back.ToArray()[^1]);
        return back.ToArray()[..^1];
    }

    /// <summary>Says what it hears, and a full stop once it has heard all.</summary>
    private sealed class Echo : IAsyncDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly CancellationTokenSource _ends = new();
        private readonly Task _serving;

        public Echo()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
            Address = (IPEndPoint)_listener.LocalEndPoint!;
            _serving = ServeAsync();
        }

        public IPEndPoint Address { get; }

        public async ValueTask DisposeAsync()
        {
            await _ends.CancelAsync();
            await _serving;
            _listener.Dispose();
            _ends.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var socket = await _listener.AcceptAsync(_ends.Token);
                    _ = Task.Run(async () =>
                    {
                        await using var stream = new NetworkStream(socket, ownsSocket: true);
                        await stream.CopyToAsync(stream);
                        await stream.WriteAsync("."u8.ToArray());
                    });
                }
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        }
    }
}
