namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>One <c>agent attach</c> over an SSH channel; one that is cut off goes on from where we stopped.</summary>
internal sealed class SshAgentConnection(SshStreams streams) : IAgentConnection
{
    public Stream FromAgent => streams.FromThere;

    public Stream ToAgent => streams.ToThere;

    public Func<string, string> StoreUrl { get; init; } = static url => url;

    public ValueTask DisposeAsync() => streams.DisposeAsync();
}
