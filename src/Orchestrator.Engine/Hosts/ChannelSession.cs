using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts;

/// <summary>One visit to one agent: what to do with each message, and how to answer.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "An answer under way releases its semaphore after the visit; without a wait handle there is nothing to dispose.")]
public sealed class ChannelSession(
    ChannelLease lease,
    ChannelPosition position,
    AgentStore agents,
    OrderSource orders,
    GrantDesk grants,
    HostRedactor redactor,
    ChannelSignals signals,
    TickQueue queue,
    IAgentConnection connection,
    EngineOptions options,
    ILogger log,
    HostLeases? leases = null)
{
    /// <summary>Grant requests in work at once: joining a large upload takes minutes, and heartbeats must be heard meanwhile.</summary>
    private const int MaxAnswering = 4;

    private static readonly byte[] _newline = "\n"u8.ToArray();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _answering = new(MaxAnswering, MaxAnswering);
    private (long At, TimeSpan Pause)? _renewed;

    /// <exception cref="ProtocolException">It is another agent, or one that speaks another protocol.</exception>
    public async Task WelcomeAsync(Hello hello, CancellationToken cancellation)
    {
        if (!string.Equals(hello.Label, lease.Label, StringComparison.Ordinal))
        {
            throw new ProtocolException($"the agent says it is \"{Shorten(hello.Label)}\", not {lease.Label}");
        }

        if (hello.Major != ProtocolVersion.Major)
        {
            throw new ProtocolException($"the agent speaks protocol {hello.Major}.{hello.Minor}, this server {ProtocolVersion.Major}.{ProtocolVersion.Minor}");
        }

        await SendAsync(
            new Welcome(ProtocolVersion.Major, ProtocolVersion.Minor, lease.Epoch, position.LastSeq, position.LogOffset) { Trust = Trust(hello) }, cancellation);
        // What was sent and not answered goes out again; the agent knows each key and does nothing twice.
        await agents.ForgetSentAsync(lease, cancellation);
        await agents.GreetedAsync(lease, hello.Minor, cancellation);
        await RenewAsync(cancellation);
        queue.Soon(lease.Job);
    }

    public async Task HandleAsync(AgentMessage message, CancellationToken cancellation)
    {
        switch (message)
        {
            case EventMessage { Event: { } happened }:
                FailPoints.Hit("events-received");
                if (happened.Seq > position.LastSeq)
                {
                    if (happened is TrainerEnded)
                    {
                        await StoreLogAsync(redactor.Rest(), cancellation);
                    }

                    position.LastSeq = await agents.StoreEventsAsync(lease, [redactor.Clean(happened)], cancellation);
                    FailPoints.Hit("events-stored");
                    queue.Now(lease.Job);
                }

                await SendAsync(new Acknowledge(position.LastSeq, position.LogOffset), cancellation);
                break;
            case LogMessage piece:
                if (piece.Offset < 0 || piece.Data.Length > 64 << 10)
                {
                    throw new ProtocolException("a log piece out of bounds");
                }

                await StoreLogAsync(redactor.Next(piece.Offset, piece.Data), cancellation);
                await SendAsync(new Acknowledge(position.LastSeq, position.LogOffset), cancellation);
                break;
            case Heartbeat heartbeat:
                if (heartbeat.Trainer is TrainerStatus.Exited or TrainerStatus.Lost)
                {
                    await StoreLogAsync(redactor.Rest(), cancellation);
                }

                await agents.HeardAsync(lease, redactor.Clean(heartbeat), cancellation);
                await RenewAsync(cancellation);
                break;
            case GrantRequest request:
                await _answering.WaitAsync(cancellation);
                _ = AnswerAsync(request, cancellation);
                break;
            default:
                throw new ProtocolException($"an unexpected {message.GetType().Name}");
        }
    }

    /// <summary>Sends stored commands as they come, until the visit ends.</summary>
    public async Task SendCommandsAsync(TimeSpan look, CancellationToken cancellation)
    {
        while (true)
        {
            foreach (var (key, command) in await agents.PendingCommandsAsync(lease, cancellation))
            {
                if (await FillAsync(key, command, cancellation) is not { } filled)
                {
                    continue;
                }

                await SendAsync(new CommandMessage(key, filled), cancellation);
                await agents.CommandSentAsync(lease, key, cancellation);
                log.LogDebug("job {Job} attempt {Attempt}: sent {Key}", lease.Job, lease.Attempt, key);
            }

            await signals.WaitAsync(lease.Job, lease.Attempt, look, cancellation);
        }
    }

    /// <summary>Null: it cannot be filled, and the job's next tick decides what that means. Those behind it, a drain or a clean, do not wait for it.</summary>
    private async Task<AgentCommand?> FillAsync(string key, AgentCommand command, CancellationToken cancellation)
    {
        try
        {
            var filled = await orders.FillAsync(lease.Job, lease.Attempt, command, cancellation);
            if (filled is StartTrainer { Order: { } order })
            {
                // Its trainer can print them as soon as it has been sent.
                redactor.Learn(order.Secrets);
            }

            return filled;
        }
        catch (OrderUnfilledException unfilled)
        {
            log.LogWarning("job {Job} attempt {Attempt}: {Key} cannot be sent: {Words}", lease.Job, lease.Attempt, key, unfilled.Message);
            await agents.GiveUpCommandAsync(lease, key, new OrderUnfilled(lease.Attempt, unfilled.Message), cancellation);
            queue.Now(lease.Job);
            return null;
        }
    }

    /// <summary>That we hear it is what prolongs its lease.</summary>
    private async Task RenewAsync(CancellationToken cancellation)
    {
        if (leases is null || (_renewed is { } last && TimeProvider.System.GetElapsedTime(last.At) < last.Pause))
        {
            return;
        }

        var asked = TimeProvider.System.GetTimestamp();
        if (await leases.OfAsync(lease, cancellation) is { Seconds: { } term } renewal)
        {
            await SendAsync(renewal, cancellation);
            _renewed = (asked, HostLeases.PauseOf(TimeSpan.FromSeconds(term)));
        }
        else
        {
            _renewed = (asked, HostLeases.PauseOf(TimeSpan.MaxValue));
        }
    }

    private async Task AnswerAsync(GrantRequest request, CancellationToken cancellation)
    {
        try
        {
            var answer = await grants.AnswerAsync(lease, request, cancellation);
            await SendAsync(answer with { Grants = await ReachableAsync(answer.Grants, cancellation) }, cancellation);
        }
        catch (Exception failure)
        {
            // The agent asks again; a request must not end the channel that training is watched through.
            log.LogWarning("job {Job} attempt {Attempt}: grants were not answered: {Words}", lease.Job, lease.Attempt, failure.Message);
        }
        finally
        {
            _answering.Release();
        }
    }

    /// <summary>What cannot be reached from there is refused for now, with the reason: the agent tells it and asks again.</summary>
    private async Task<ImmutableArray<Grant>> ReachableAsync(ImmutableArray<Grant> grants, CancellationToken cancellation)
    {
        var reachable = ImmutableArray.CreateBuilder<Grant>(grants.Length);
        string? trouble = null;
        foreach (var grant in grants)
        {
            try
            {
                reachable.Add(grant.Url is not { } url ? grant
                    : trouble is null ? grant with { Url = await connection.StoreUrlAsync(url, cancellation) }
                    : grant with { Url = null, Refused = trouble });
            }
            catch (ProviderException unreachable)
            {
                // Said once for all: each of them would be waited for.
                trouble = unreachable.Message;
                reachable.Add(grant with { Url = null, Refused = trouble });
            }
        }

        return reachable.ToImmutable();
    }

    /// <summary>Null: it has the same, or is of a release that does not know of it.</summary>
    private string? Trust(Hello hello)
    {
        if (hello.Minor < ProtocolVersion.TrustSince)
        {
            return null;
        }

        try
        {
            return TrustBundle.Read(options.StoreAuthorities) is { } bundle && bundle.Hash != hello.TrustHash ? bundle.Pem : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // The agent goes on with what it has; its store may well be known to that.
            log.LogWarning("job {Job} attempt {Attempt}: the trusted authorities cannot be read: {Words}", lease.Job, lease.Attempt, unreadable.Message);
            return null;
        }
    }

    private async Task StoreLogAsync(LogRun run, CancellationToken cancellation)
    {
        if (!run.Data.IsEmpty)
        {
            position.LogOffset = await agents.StoreLogAsync(lease, run.Offset, run.Data, cancellation);
        }
    }

    private async Task SendAsync(ServerMessage message, CancellationToken cancellation)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(message, CoreJson.Default.ServerMessage);
        if (line.Length >= ProtocolVersion.MaxOrderLine)
        {
            throw new ProtocolException($"a {message.GetType().Name} of {line.Length} bytes is too long to send");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.ChannelSilence);
        try
        {
            await _writing.WaitAsync(limit.Token);
            try
            {
                await connection.ToAgent.WriteAsync(line, limit.Token);
                await connection.ToAgent.WriteAsync(_newline, limit.Token);
                await connection.ToAgent.FlushAsync(limit.Token);
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new AgentUnreachableException($"the agent does not read what it is sent ({options.ChannelSilence.TotalSeconds:0} s)");
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
