using System.Buffers;
using System.Text;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>Reads a blocking stream to its end on a thread of its own. The library buffers without a bound, so it is always drained; what is beyond the bound is dropped.</summary>
internal sealed class BoundedReader(Stream stream, int limit)
{
    private readonly ArrayBufferWriter<byte> _kept = new();

    public bool Overflowed { get; private set; }

    /// <summary>Ends at the stream's end, or at the bound where <paramref name="stopAtLimit"/>.</summary>
    public Task ReadAsync(bool stopAtLimit) => Task.Factory.StartNew(() => Read(stopAtLimit), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public string Text => Encoding.UTF8.GetString(_kept.WrittenSpan);

    private void Read(bool stopAtLimit)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (stream.Read(buffer, 0, buffer.Length) is > 0 and var read)
            {
                var room = Math.Min(read, limit - _kept.WrittenCount);
                _kept.Write(buffer.AsSpan(0, room));
                Overflowed |= room < read;
                if (Overflowed && stopAtLimit)
                {
                    return;
                }
            }
        }
        catch (Exception cut) when (cut is ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The channel was closed under us; what was read counts as far as it goes.
        }
    }
}
