namespace Orchestrator.Protocol;

/// <summary>
/// The language between server and agent: NDJSON, one message a line, UTF-8, bounded in length.
/// A server serves agents one release old, since a run outlives an upgrade: minor adds, major breaks.
/// </summary>
public static class ProtocolVersion
{
    public const int Major = 1;
    public const int Minor = 4;

    /// <summary>First minor whose agents take <see cref="Welcome.Trust"/>.</summary>
    public const int TrustSince = 1;

    /// <summary>First minor whose servers answer <see cref="GrantKind.PutAhead"/>; older ones would end the channel over it.</summary>
    public const int AheadSince = 2;

    /// <summary>First minor whose servers renew the lease of rented hosts, and whose agents end themselves when it has run out.</summary>
    public const int LeaseSince = 3;

    /// <summary>Bytes; a longer line from a host is a protocol error and ends the connection.</summary>
    public const int MaxLine = 1 << 20;

    /// <summary>Bytes; a line to a host may be longer, since an order names every file to stage.</summary>
    public const int MaxOrderLine = 64 << 20;
}
