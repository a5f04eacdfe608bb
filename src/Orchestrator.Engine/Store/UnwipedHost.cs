namespace Orchestrator.Engine.Store;

/// <summary>One attempt; see <see cref="UnwipedHosts"/>.</summary>
public sealed record UnwipedHost
{
    public long Job { get; init; }

    public string Name { get; init; } = "";

    public int Attempt { get; init; }

    /// <summary>Or the provider, where hosts have no names.</summary>
    public string Host { get; init; } = "";

    /// <summary>All that lay below the instance's folder is gone; the rest of a machine without a container was not looked at.</summary>
    public bool Partly { get; init; }

    /// <summary>Why the attempt ended.</summary>
    public string Why { get; init; } = "";
}
