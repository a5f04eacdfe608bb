using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>The server's side of one attach, as the engine will speak it.</summary>
public sealed class AgentChannel : IDisposable
{
    // Reached only when something is wrong: on a machine that does ten other things, seconds say nothing.
    private const int Patience = 120;

    private readonly Process _process;
    private readonly Func<GrantRequest, Task<GrantAnswer>>? _grants;
    private readonly Lock _lock = new();
    private readonly List<AgentEvent> _events = [];
    private readonly MemoryStream _log = new();
    private readonly TaskCompletionSource<Hello> _hello = new();

    public AgentChannel(AgentInstance instance, TestStore? store = null, long epoch = 1, long since = 0, long logOffset = 0)
        : this(instance, store is null ? null : request => Task.FromResult(new GrantAnswer(request.Id, [.. request.Wanted.Select(store.Answer)])), epoch, since, logOffset)
    {
    }

    public AgentChannel(AgentInstance instance, Func<GrantRequest, Task<GrantAnswer>>? grants, long epoch = 1, long since = 0, long logOffset = 0, string? trust = null)
    {
        _grants = grants;
        LogStart = logOffset;
        var attach = instance.Verb("attach");
        attach.RedirectStandardInput = attach.RedirectStandardOutput = attach.RedirectStandardError = true;
        attach.StandardOutputEncoding = Encoding.UTF8;
        _process = Process.Start(attach)!;
        Ended = Task.Run(ReadAsync);
        Send(new Welcome(ProtocolVersion.Major, ProtocolVersion.Minor, epoch, since, logOffset) { Trust = trust });
    }

    public Task<Hello> Greeting => _hello.Task;

    public long LogStart { get; }

    public Task Ended { get; }

    public Heartbeat? Beat { get; private set; }

    public IReadOnlyList<AgentEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    public string Log
    {
        get
        {
            lock (_lock)
            {
                return Encoding.UTF8.GetString(_log.ToArray());
            }
        }
    }

    public long LogBytes
    {
        get
        {
            lock (_lock)
            {
                return LogStart + _log.Length;
            }
        }
    }

    /// <summary>Log bytes are counted, not kept.</summary>
    public bool DropLog { get; init; }

    public long LogSeen { get; private set; }

    public void Send(ServerMessage message) => SendLine(JsonSerializer.Serialize(message, CoreJson.Default.ServerMessage));

    public void SendLine(string line)
    {
        lock (_process)
        {
            _process.StandardInput.Write(line + "\n");
            _process.StandardInput.Flush();
        }
    }

    public void Command(string key, AgentCommand command) => Send(new CommandMessage(key, command));

    public async Task<T> WaitForAsync<T>(Func<T, bool>? which = null, int seconds = Patience)
        where T : AgentEvent
    {
        T? found = null;
        await UntilAsync(() => (found = Events.OfType<T>().FirstOrDefault(one => which is null || which(one))) is not null, typeof(T).Name, seconds);
        return found!;
    }

    public async Task UntilAsync(Func<bool> condition, string what, int seconds = Patience)
    {
        var deadline = Environment.TickCount64 + (seconds * 1000);
        while (!condition())
        {
            Assert.True(
                Environment.TickCount64 < deadline,
                $"no {what} within {seconds} s; events: {string.Join(", ", Events)}; beat: {Beat}");
            await Task.Delay(30);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            switch (JsonSerializer.Deserialize(line, CoreJson.Default.AgentMessage))
            {
                case Hello hello:
                    _hello.TrySetResult(hello);
                    break;
                case EventMessage message:
                    lock (_lock)
                    {
                        _events.Add(message.Event);
                    }

                    break;
                case LogMessage log:
                    lock (_lock)
                    {
                        LogSeen = log.Offset + log.Data.Length;
                        if (!DropLog)
                        {
                            Assert.Equal(LogStart + _log.Length, log.Offset);
                            _log.Write(log.Data.Span);
                        }
                    }

                    // A drain waits for its log to be stored.
                    Answer(new Acknowledge(0, LogSeen));
                    break;
                case Heartbeat beat:
                    Beat = beat;
                    break;
                case GrantRequest request when _grants is not null:
                    Answer(await _grants(request));
                    break;
            }
        }
    }

    private void Answer(ServerMessage message)
    {
        try
        {
            Send(message);
        }
        catch (IOException)
        {
            // The agent is gone: what it sent before is still to be read.
        }
    }
}
