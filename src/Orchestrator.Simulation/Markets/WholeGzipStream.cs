using System.Buffers.Binary;
using System.IO.Compression;

namespace Orchestrator.Simulation.Markets;

/// <summary>
/// Unzips one gzip member and insists on its end: .NET's own stream takes a file that was cut off for one that is over. The last
/// four bytes of a member say how long it is unzipped.
/// </summary>
internal sealed class WholeGzipStream(Stream zipped) : Stream
{
    private readonly GZipStream _plain = new(zipped, CompressionMode.Decompress, leaveOpen: true);
    private uint _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var read = _plain.Read(buffer);
        _length = unchecked(_length + (uint)read);
        return read > 0 || buffer.IsEmpty || SaidLength() == _length ? read : throw new InvalidDataException("it ends in the middle; copy or record it again");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _plain.Dispose();
            zipped.Dispose();
        }

        base.Dispose(disposing);
    }

    private uint SaidLength()
    {
        Span<byte> last = stackalloc byte[sizeof(uint)];
        if (zipped.Length < last.Length)
        {
            return uint.MaxValue;
        }

        zipped.Seek(-last.Length, SeekOrigin.End);
        zipped.ReadExactly(last);
        return BinaryPrimitives.ReadUInt32LittleEndian(last);
    }
}
