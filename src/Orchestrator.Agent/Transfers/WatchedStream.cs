using Orchestrator.Agent.Checkpoints;

namespace Orchestrator.Agent.Transfers;

/// <summary>A request body of exactly so many bytes, that keeps a silent connection from waiting for ever.</summary>
internal sealed class WatchedStream(Stream inner, long length, CancellationTokenSource idle, TimeSpan patience) : BodyStream
{
    private long _left = length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        idle.CancelAfter(patience);
        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        if (read == 0 && _left > 0)
        {
            throw new ChangedException("a file became shorter while it was sent");
        }

        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
