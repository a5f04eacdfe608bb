using System.Collections.Immutable;

namespace Orchestrator.Protocol;

/// <summary>Answer to Hello. A newer attach displaces an older one: the agent closes the connection with the lower epoch.</summary>
/// <param name="Major">The server's protocol.</param>
/// <param name="Minor">The server's protocol.</param>
/// <param name="ChannelEpoch">Fencing number of this channel's owner.</param>
/// <param name="Since">Journal events up to here are stored; send what comes after.</param>
/// <param name="LogOffset">The log is stored up to here; send what comes after.</param>
public sealed record Welcome(int Major, int Minor, long ChannelEpoch, long Since, long LogOffset) : ServerMessage
{
    /// <summary>
    /// Certificates (PEM) of the authorities to trust with stores, instead of the image's own, which often has none. Sent when
    /// the agent keeps others; null = go on with what is kept. Since 1.1.
    /// </summary>
    public string? Trust { get; init; }
}

/// <param name="Key">Identity: a command already done is answered by its event again, never done twice.</param>
/// <param name="Command">What to do.</param>
public sealed record CommandMessage(string Key, AgentCommand Command) : ServerMessage;

/// <summary>Stored: the journal up to <paramref name="Seq"/> and the log up to <paramref name="LogOffset"/> may be trimmed.</summary>
public sealed record Acknowledge(long Seq, long LogOffset) : ServerMessage;

public sealed record GrantAnswer(long Id, ImmutableArray<Grant> Grants) : ServerMessage;

/// <summary>Host lease: the host may run until then without hearing from us. Agents that do not know it go on for ever.</summary>
/// <param name="Until">By the server's clock.</param>
public sealed record LeaseRenewal(DateTimeOffset Until) : ServerMessage
{
    /// <summary>The same by no clock: from when it arrives.</summary>
    public double? Seconds { get; init; }

    /// <summary>A DELETE to it, with the key that the instance has of its provider, ends the instance; null = there is no such way.</summary>
    public Uri? Destroy { get; init; }
}

/// <summary>Reserved since 1.0 and never sent: agents know their next names and ask (<see cref="GrantKind.PutAhead"/>).</summary>
public sealed record GrantsAhead(ImmutableArray<Grant> Grants) : ServerMessage;
