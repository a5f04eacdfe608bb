namespace Orchestrator.Protocol;

/// <summary>
/// The language between server and agent: NDJSON, one message a line, UTF-8, at most <see cref="MaxLine"/> bytes.
/// A server serves agents one release old, since a run outlives an upgrade: minor adds, major breaks.
/// </summary>
public static class ProtocolVersion
{
    public const int Major = 1;
    public const int Minor = 0;

    /// <summary>A longer line is a protocol error and ends the connection.</summary>
    public const int MaxLine = 1 << 20;
}
