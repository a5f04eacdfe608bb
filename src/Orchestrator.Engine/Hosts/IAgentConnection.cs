namespace Orchestrator.Engine.Hosts;

/// <summary>Two byte streams to one <c>agent attach</c>, however it was reached.</summary>
public interface IAgentConnection : IAsyncDisposable
{
    Stream FromAgent { get; }

    Stream ToAgent { get; }
}
