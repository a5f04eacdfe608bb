using System.Net.Sockets;

namespace Orchestrator.Agent.Attaching;

/// <summary>The command <c>attach</c>: joins stdin and stdout to the agent's socket and knows nothing of what passes.</summary>
internal static class AttachClient
{
    private const int NotReachable = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(AgentFolder folder)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        var why = "";
        while (Environment.TickCount64 < deadline)
        {
            try
            {
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(SocketAddress.ForConnecting(folder));
                using var stream = new NetworkStream(socket);
                var first = new byte[16 * 1024];
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Max(1, deadline - Environment.TickCount64)));
                var read = await stream.ReadAsync(first, patience.Token);
                if (read > 0)
                {
                    return await JoinAsync(socket, stream, first.AsMemory(0, read));
                }

                why = "it closed the connection";
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ArgumentOutOfRangeException)
            {
                // Not up yet, or just being restarted.
                why = e is OperationCanceledException ? "it says nothing" : e.Message;
            }

            await Task.Delay(Between);
        }

        StandardStreams.Error($"orchestrator-agent: no agent answers below {folder.Root}: {why}; is its supervisor running?");
        return NotReachable;
    }

    private static async Task<int> JoinAsync(Socket socket, NetworkStream stream, ReadOnlyMemory<byte> first)
    {
        using var input = StandardStreams.OpenInput();
        using var output = StandardStreams.OpenOutput();
        var outward = Task.Run(async () =>
        {
            await output.WriteAsync(first);
            await output.FlushAsync();
            await PumpAsync(stream, output);
        });
        var inward = Task.Run(async () =>
        {
            await PumpAsync(input, stream);
            socket.Shutdown(SocketShutdown.Send);
        });
        // Whichever side ends first ends the visit: half a conversation is of no use to either.
        await Task.WhenAny(outward, inward);
        return 0;
    }

    private static async Task PumpAsync(Stream from, Stream to)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read));
                await to.FlushAsync();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The peer is gone, which is how a visit usually ends.
        }
    }
}
