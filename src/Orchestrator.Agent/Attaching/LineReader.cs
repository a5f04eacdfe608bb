using Orchestrator.Protocol;

namespace Orchestrator.Agent.Attaching;

/// <summary>Lines of a stream, bounded: memory never grows with what the peer sends.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line without its end; null = the stream is at its end. A view into the buffer, good until the next call.</summary>
    /// <exception cref="ProtocolException">A line is longer than the protocol allows.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        var searched = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var length = searched + newline;
                var line = _buffer.AsMemory(_start, length);
                _start += length + 1;
                return line;
            }

            searched = _end - _start;
            if (searched > ProtocolVersion.MaxOrderLine)
            {
                throw new ProtocolException($"a line is longer than {ProtocolVersion.MaxOrderLine} bytes");
            }

            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        var held = _end - _start;
        var target = held > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, held).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = held;
    }
}
