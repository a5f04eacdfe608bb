using System.Net.Sockets;
using System.Text.Json;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Attaching;

/// <summary>One conversation with one server.</summary>
internal sealed class AttachConnection(AgentHost host, AttachServer server, Socket socket) : IDisposable
{
    private const int LogPiece = 48 * 1024;
    private const int EventsAtOnce = 64;
    private static readonly TimeSpan WelcomePatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuickestBeat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _logBuffer = new byte[LogPiece];
    private NetworkStream? _stream;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _end.Token);
        try
        {
            _stream = new NetworkStream(socket, ownsSocket: true);
            await SendAsync(host.Greeting(), either.Token);
            var reader = new LineReader(_stream);
            var welcome = await WelcomeAsync(reader, either.Token);
            if (!server.TryTake(this, welcome.ChannelEpoch))
            {
                throw new ProtocolException($"epoch {welcome.ChannelEpoch} is older than one that was here");
            }

            if (welcome.Trust is { } authorities)
            {
                host.Trust(authorities);
            }

            host.Presence.Came(this, welcome.Minor);
            var sending = SendAllAsync(welcome, either.Token);
            var reading = ReadAllAsync(reader, either.Token);
            var first = await Task.WhenAny(sending, reading);
            await _end.CancelAsync();
            await first;
            await Task.WhenAll(sending, reading);
        }
        catch (Exception e) when (e is ProtocolException or JsonException or NotSupportedException)
        {
            Diagnostics.Write($"attach: connection closed: {e.Message}");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The server went away or another took its place; it comes back and goes on where it stopped.
        }
        finally
        {
            host.Presence.Left(this);
            await _end.CancelAsync();
            _stream?.Dispose();
        }
    }

    public void Displace() => _end.Cancel();

    public void Dispose()
    {
        _end.Dispose();
        socket.Dispose();
    }

    private async Task<Welcome> WelcomeAsync(LineReader reader, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(WelcomePatience);
        var line = await reader.ReadAsync(patience.Token) ?? throw new IOException("closed");
        if (Parse(line) is not Welcome welcome)
        {
            throw new ProtocolException("the first message is not a welcome");
        }

        return welcome.Major == ProtocolVersion.Major
            ? welcome
            : throw new ProtocolException($"the server speaks protocol {welcome.Major}, this agent {ProtocolVersion.Major}");
    }

    private async Task ReadAllAsync(LineReader reader, CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation) is { } line)
        {
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                host.Handle(Parse(line));
            }
        }
    }

    private async Task SendAllAsync(Welcome welcome, CancellationToken cancellation)
    {
        var seq = Math.Max(0, welcome.Since);
        var offset = Math.Max(0, welcome.LogOffset);
        var lastBeat = -1L;
        var beatVersion = -1L;
        while (true)
        {
            // Taken before we look, so that what comes while we look wakes us at once.
            var news = host.NextNews();
            var sent = false;
            foreach (var entry in host.Journal.After(seq, EventsAtOnce))
            {
                await SendRawAsync([.. """{"type":"event","event":"""u8, .. entry.Event, .. "}\n"u8], cancellation);
                seq = entry.Seq;
                sent = true;
            }

            foreach (var request in host.Grants.ToSend(this, welcome.Minor))
            {
                await SendAsync(request, cancellation);
                sent = true;
            }

            offset = Math.Max(offset, host.Log.Start);
            if (host.Log.Read(offset, _logBuffer) is > 0 and var read)
            {
                await SendAsync(new LogMessage(offset, _logBuffer.AsMemory(0, read)), cancellation);
                offset += read;
                sent = true;
            }

            var since = lastBeat < 0 ? TimeSpan.MaxValue : host.Time.GetElapsedTime(lastBeat);
            if (since >= Beat || (since >= QuickestBeat && host.Progress.Version != beatVersion))
            {
                beatVersion = host.Progress.Version;
                lastBeat = host.Time.GetTimestamp();
                await SendAsync(host.Beat(), cancellation);
            }

            if (!sent)
            {
                await Task.WhenAny(news, Task.Delay(LookAgain, cancellation));
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private Task SendAsync(AgentMessage message, CancellationToken cancellation) =>
        SendRawAsync([.. JsonSerializer.SerializeToUtf8Bytes(message, AgentJson.Default.AgentMessage), (byte)'\n'], cancellation);

    private async Task SendRawAsync(byte[] line, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(SendPatience);
        await _stream!.WriteAsync(line, patience.Token);
    }

    private static ServerMessage Parse(ReadOnlyMemory<byte> line) =>
        JsonSerializer.Deserialize(line.Span, AgentJson.Default.ServerMessage) ?? throw new ProtocolException("a line says null");
}
