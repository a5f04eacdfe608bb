namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>One <c>agent attach</c> over an SSH channel; one that is cut off goes on from where we stopped.</summary>
internal sealed class SshAgentConnection(SshStreams streams) : IAgentConnection
{
    public Stream FromAgent => streams.FromThere;

    public Stream ToAgent => streams.ToThere;

    /// <summary>How a URL of the store is told there.</summary>
    public required Func<string, CancellationToken, Task<string>> StoreUrls { get; init; }

    public Task<string> StoreUrlAsync(string url, CancellationToken cancellation) => StoreUrls(url, cancellation);

    public ValueTask DisposeAsync() => streams.DisposeAsync();
}
