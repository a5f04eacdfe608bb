namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>
/// How much a machine may answer to one request: the library gathers an answer in one string, or a line of a stream, and a machine that
/// never comes to an end would take this server's memory.
/// </summary>
/// <param name="byLine">It is a stream of lines, which has no end to speak of; each line is bounded.</param>
internal sealed class AnswerBound(bool byLine)
{
    public const int MostBytes = 16 << 20;
    public const int LongestLine = 1 << 20;

    private long _counted;

    /// <exception cref="IOException">That is too much.</exception>
    public void Count(ReadOnlySpan<byte> read)
    {
        var end = byLine ? read.LastIndexOf((byte)'\n') : -1;
        _counted = end < 0 ? _counted + read.Length : read.Length - end - 1;
        if (_counted > (byLine ? LongestLine : MostBytes))
        {
            throw new IOException(byLine ? $"it sends a line of more than {LongestLine >> 20} MiB" : $"it answers with more than {MostBytes >> 20} MiB");
        }
    }
}
