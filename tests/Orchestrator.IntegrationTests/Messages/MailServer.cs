using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestrator.IntegrationTests.Messages;

/// <summary>Takes one mail after the other over SMTP, as RFC 5321 has it for one client that makes no mistakes.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public MailServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Everything that clients said, line by line.</summary>
    public List<string> Said { get; } = [];

    /// <summary>Answers every recipient with this; null = it takes them.</summary>
    public string? Refusal { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or IOException)
        {
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        var isData = false;
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            Said.Add(line);
            var answer = (isData, line.Split(' ')[0]) switch
            {
                (true, ".") => "250 taken",
                (true, _) => null,
                (_, "RCPT") => Refusal ?? "250 yes",
                (_, "DATA") => "354 go on",
                (_, "QUIT") => "221 bye",
                _ => "250 yes",
            };
            isData = line == "DATA" || (isData && line != ".");
            if (answer is not null)
            {
                await writer.WriteLineAsync(answer);
            }
        }
    }
}
