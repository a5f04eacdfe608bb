using System.Net;
using System.Net.Sockets;
using System.Text;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Artifacts;

/// <summary>The listener behind the relay: whoever is on a machine can reach it.</summary>
public sealed class FolderStoreListenerTests
{
    private static readonly byte[] _request = "GET /nothing HTTP/1.1\r\nHost: store\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_at_once_and_there_is_room_again_when_others_have_gone()
    {
        await using var listener = new FolderStoreListener([], mostConnections: 2);
        await listener.StartAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        using var first = await ConnectAsync(listener.Port, limit.Token);
        Assert.StartsWith("HTTP/1.1 404", await AskAsync(first, limit.Token), StringComparison.Ordinal);
        using var second = await ConnectAsync(listener.Port, limit.Token);
        Assert.StartsWith("HTTP/1.1 404", await AskAsync(second, limit.Token), StringComparison.Ordinal);
        Assert.Equal("", await AskAnewAsync(listener.Port, limit.Token));

        first.Dispose();
        while (await AskAnewAsync(listener.Port, limit.Token) == "")
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Whoever_begins_a_request_and_says_no_more_does_not_keep_its_place()
    {
        await using var listener = new FolderStoreListener([]);
        await listener.StartAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var slow = await ConnectAsync(listener.Port, limit.Token);
        await slow.SendAsync("GET / HTTP/1.1\r\nHost: st"u8.ToArray(), limit.Token);

        await Eventually.TrueAsync(() => listener.Ended == 1, "it is closed");
    }

    /// <summary>Who is closed at once may notice it while it still connects.</summary>
    private static async Task<string> AskAnewAsync(int port, CancellationToken cancellation)
    {
        try
        {
            using var socket = await ConnectAsync(port, cancellation);
            return await AskAsync(socket, cancellation);
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task<Socket> ConnectAsync(int port, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
        return socket;
    }

    /// <returns>What comes first of an answer; nothing where the connection is closed instead.</returns>
    private static async Task<string> AskAsync(Socket socket, CancellationToken cancellation)
    {
        try
        {
            await socket.SendAsync(_request, cancellation);
            var buffer = new byte[4096];
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, cancellation));
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
