using Orchestrator.Engine.Observing.Network;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>How patient connections are, and who learns what they show of our own network.</summary>
public sealed record SshSettings
{
    /// <summary>Null = nobody.</summary>
    public OwnNetwork? Network { get; init; }

    /// <summary>For connecting, and for opening a channel.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>A connection over which nothing was answered for this long is asked whether it lives: its library would not notice.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest a living machine takes for that.</summary>
    public TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Channels of one connection; sshd allows ten, and the one beyond that hangs.</summary>
    public int Channels { get; init; } = 8;

    /// <summary>Connections of one machine that carry agents' channels.</summary>
    public int AgentSessions { get; init; } = 16;
}
