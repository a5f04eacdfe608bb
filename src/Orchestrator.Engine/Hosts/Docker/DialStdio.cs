using Orchestrator.Engine.Hosts.Ssh;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>One connection to a machine's Docker: the standard streams of <c>docker system dial-stdio</c> there, as Docker's own client does it.</summary>
internal sealed class DialStdio(ICommandStreams streams, AnswerBound bound) : Stream
{
    internal const string Command = "exec sh -c '" + DockerCommand.By + "exec $by docker system dial-stdio'";

    private int _disposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The command's streams.</summary>
    public static async Task<ICommandStreams> OpenAsync(SshLinks links, CancellationToken cancellation)
    {
        var session = await links.DockerSessionAsync(cancellation);
        var place = await session.TakeChannelAsync(cancellation);
        try
        {
            return new SshStreams(session, await session.StartAsync(Command, cancellation), place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>What the command over there complained of.</summary>
    public Task<string> ProblemsAsync() => streams.ProblemsAsync();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await streams.FromThere.ReadAsync(buffer, cancellationToken);
        bound.Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => streams.ToThere.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => streams.ToThere.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => streams.ToThere.Write(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => streams.ToThere.FlushAsync(cancellationToken);

    public override void Flush() => streams.ToThere.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // Closing a channel takes a round trip, which nobody needs to wait for.
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _ = streams.DisposeAsync().AsTask();
        }

        base.Dispose(disposing);
    }
}
