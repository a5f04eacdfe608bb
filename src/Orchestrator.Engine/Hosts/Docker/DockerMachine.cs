using Docker.DotNet;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>
/// The Docker of one machine. Its client waits for ever, takes in whatever comes and tells every failure differently; here each question is
/// bounded, fails in two ways, and has a connection of its own.
/// </summary>
/// <param name="address">The machine.</param>
/// <param name="dial">Opens a connection to its Docker.</param>
/// <param name="api">The version to speak; null = whatever the daemon speaks.</param>
/// <param name="time">For the limits.</param>
internal sealed class DockerMachine(MachineAddress address, Func<CancellationToken, Task<ICommandStreams>> dial, Version? api, TimeProvider time)
{
    private static readonly TimeSpan _usual = TimeSpan.FromSeconds(60);

    public MachineAddress Address => address;

    /// <summary>A question and its answer. What the daemon answers to it (<see cref="DockerApiException"/>) is the caller's to understand.</summary>
    /// <exception cref="HostRefusedException">There is no Docker to talk to.</exception>
    /// <exception cref="AgentUnreachableException">The machine does not answer, or without end.</exception>
    public Task<T> AskAsync<T>(Func<DockerClient, CancellationToken, Task<T>> ask, CancellationToken cancellation, TimeSpan? limit = null) =>
        AskAsync(new DockerTransport(dial, byLine: false), ask, limit ?? _usual, cancellation);

    public Task AskAsync(Func<DockerClient, CancellationToken, Task> ask, CancellationToken cancellation, TimeSpan? limit = null) =>
        AskAsync(new DockerTransport(dial, byLine: false), Answered(ask), limit ?? _usual, cancellation);

    /// <summary>A pull: for as long as it takes, and its words line by line.</summary>
    public Task StreamAsync(Func<DockerClient, CancellationToken, Task> ask, CancellationToken cancellation) =>
        AskAsync(new DockerTransport(dial, byLine: true), Answered(ask), Timeout.InfiniteTimeSpan, cancellation);

    private async Task<T> AskAsync<T>(DockerTransport transport, Func<DockerClient, CancellationToken, Task<T>> ask, TimeSpan limit, CancellationToken cancellation)
    {
        using var client = transport.Client(api);
        using var late = new CancellationTokenSource(limit, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await ask(client, bound.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Pulls of others hold their connections for as long as they take.
            throw transport.WasOpen
                ? new HostRefusedException(HostFault.Machine, FormattableString.Invariant($"Docker on {address.Name} does not answer within {limit.TotalSeconds:0} s; restart its daemon"))
                : new AgentUnreachableException(FormattableString.Invariant($"no connection to Docker on {address.Name} became free within {limit.TotalSeconds:0} s"));
        }
        catch (ProviderException away)
        {
            throw new AgentUnreachableException(away.Message, away);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException or Renci.SshNet.Common.SshException or ObjectDisposedException)
        {
            var words = await transport.ProblemsAsync();
            throw words.Length > 0 && DockerFailures.OfDialling(address, words) is { } refused
                ? refused
                : new AgentUnreachableException($"Docker on {address.Name}: the connection was cut: {cut.GetBaseException().Message}{(words.Length > 0 ? $" ({words})" : "")}", cut);
        }
    }

    private static Func<DockerClient, CancellationToken, Task<bool>> Answered(Func<DockerClient, CancellationToken, Task> ask) => async (client, bound) =>
    {
        await ask(client, bound);
        return true;
    };
}
