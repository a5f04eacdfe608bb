namespace Orchestrator.Engine.Hosts;

/// <summary>Two byte streams to one <c>agent attach</c>, however it was reached.</summary>
public interface IAgentConnection : IAsyncDisposable
{
    Stream FromAgent { get; }

    Stream ToAgent { get; }

    /// <summary>What a signed URL of our store is called on that host.</summary>
    Func<string, string> StoreUrl => static url => url;
}
