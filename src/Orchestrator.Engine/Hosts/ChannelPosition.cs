namespace Orchestrator.Engine.Hosts;

/// <summary>How much of an agent's journal and log is stored; kept over the visits of one lease.</summary>
public sealed class ChannelPosition(long lastSeq, long logOffset)
{
    public long LastSeq { get; set; } = lastSeq;

    public long LogOffset { get; set; } = logOffset;
}
