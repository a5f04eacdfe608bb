namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>Writes to a stream that blocks (on the other side's window) without blocking the caller: whoever gives up waiting ends the connection.</summary>
internal sealed class BlockingWriter(Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.Run(() => inner.Write(buffer.Span), CancellationToken.None).WaitAsync(cancellationToken);
        }
        catch (Exception cut) when (cut is Renci.SshNet.Common.SshException or ObjectDisposedException or InvalidOperationException)
        {
            throw new IOException("the connection was cut", cut);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.Run(inner.Flush, CancellationToken.None).WaitAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
