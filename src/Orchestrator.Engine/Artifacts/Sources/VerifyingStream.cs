using System.IO.Hashing;

namespace Orchestrator.Engine.Artifacts.Sources;

/// <summary>Passes a file on and fails at its end when it is not what was hashed before, so that nothing wrong is stored under a hash.</summary>
internal sealed class VerifyingStream(Stream inner, string expected) : Stream
{
    private readonly XxHash128 _hash = new();

    /// <summary>The content is not the one expected.</summary>
    internal bool Differs { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Passed(buffer.AsSpan(offset, count), inner.Read(buffer, offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return buffer.Length == 0 ? 0 : Passed(buffer.Span, read);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Passed(ReadOnlySpan<byte> buffer, int read)
    {
        _hash.Append(buffer[..read]);
        if (read == 0 && ContentHash.Text(_hash) != expected)
        {
            Differs = true;
            throw new IOException("the file changed while it was read");
        }

        return read;
    }
}
