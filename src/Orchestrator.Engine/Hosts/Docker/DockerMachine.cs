using Docker.DotNet;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>The Docker of one machine. Its client waits for ever, takes in whatever comes and tells every failure differently; here each request is bounded, and fails in two ways.</summary>
internal sealed class DockerMachine(MachineAddress address, DockerClient client, DockerTransport transport) : IDisposable
{
    private static readonly TimeSpan _usual = TimeSpan.FromSeconds(60);

    public MachineAddress Address => address;

    /// <summary>A request and its answer. What the daemon answers to it (<see cref="DockerApiException"/>) is the caller's to understand.</summary>
    /// <exception cref="HostRefusedException">There is no Docker to talk to.</exception>
    /// <exception cref="AgentUnreachableException">The machine does not answer, or without end.</exception>
    public async Task<T> AskAsync<T>(Func<DockerClient, CancellationToken, Task<T>> ask, CancellationToken cancellation, TimeSpan? limit = null)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(limit ?? _usual);
        try
        {
            return await ask(client, bound.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Pulls of others hold their connections for as long as they take.
            throw transport.WasNeverOpen
                ? new AgentUnreachableException(FormattableString.Invariant($"no connection to Docker on {address.Name} became free within {(limit ?? _usual).TotalSeconds:0} s"))
                : new HostRefusedException(HostFault.Machine, FormattableString.Invariant($"Docker on {address.Name} does not answer within {(limit ?? _usual).TotalSeconds:0} s; restart its daemon"));
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
                : new AgentUnreachableException($"Docker on {address.Name}: the connection was cut: {cut.Message}{(words.Length > 0 ? $" ({words})" : "")}", cut);
        }
    }

    public async Task AskAsync(Func<DockerClient, CancellationToken, Task> ask, CancellationToken cancellation, TimeSpan? limit = null) => await AskAsync(
        async (one, bound) =>
        {
            await ask(one, bound);
            return true;
        },
        cancellation,
        limit);

    /// <summary>A pull: for as long as it takes, and its words line by line.</summary>
    public async Task StreamAsync(Func<DockerClient, CancellationToken, Task> ask, CancellationToken cancellation)
    {
        transport.ReadsLines = true;
        try
        {
            await AskAsync(ask, cancellation, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            transport.ReadsLines = false;
        }
    }

    public void Dispose() => client.Dispose();
}
