namespace Orchestrator.Engine.Hosts;

/// <summary>Two byte streams to one <c>agent attach</c>, however it was reached.</summary>
public interface IAgentConnection : IAsyncDisposable
{
    Stream FromAgent { get; }

    Stream ToAgent { get; }

    /// <summary>What a signed URL of our store is called on that host.</summary>
    /// <exception cref="Orchestrator.Providers.ProviderException">It cannot be reached from there.</exception>
    Task<string> StoreUrlAsync(string url, CancellationToken cancellation) => Task.FromResult(url);
}
