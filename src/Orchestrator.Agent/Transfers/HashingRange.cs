using System.IO.Hashing;
using Orchestrator.Agent.Checkpoints;

namespace Orchestrator.Agent.Transfers;

/// <summary>
/// A range of a file as a request body. It hashes what it gives out and refuses to give out the last bytes of a range that
/// is not what was hashed before, so that the store never holds other bytes than the manifest says.
/// </summary>
internal sealed class HashingRange(string path, long offset, long length, UInt128? expected) : Stream
{
    private readonly FileStream _file = Open(path, offset);
    private readonly XxHash128 _hash = new();
    private long _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0)
        {
            return 0;
        }

        int read;
        try
        {
            read = await _file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        }
        catch (IOException e)
        {
            // Said as what it is: HTTP would take any IOException for the connection's.
            throw new ChangedException($"{Path.GetFileName(path)} cannot be read: {e.Message}");
        }

        _hash.Append(buffer.Span[..read]);
        _left -= read;
        return _left == 0 && expected is { } before && _hash.GetCurrentHashAsUInt128() != before
            ? throw new ChangedException($"{Path.GetFileName(path)} changed while it was sent")
            : read;
    }

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
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private static FileStream Open(string path, long offset)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file.Position = offset;
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChangedException($"{Path.GetFileName(path)} cannot be read: {e.Message}");
        }
    }
}
