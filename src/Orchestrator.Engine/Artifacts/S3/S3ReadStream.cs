using Amazon.S3.Model;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>An object's bytes as they come; what breaks on the way is said in the store's words.</summary>
/// <remarks>The library's own limits end with the headers: a connection that died without a word would be read from for ever.</remarks>
internal sealed class S3ReadStream(GetObjectResponse response, Func<Exception, StoreException> explain, TimeProvider time) : ReadOnlyStream
{
    /// <summary>Without a single byte.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private readonly Stream _inner = response.ResponseStream;

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await _inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw explain(new IOException($"no byte came for {Silence.TotalSeconds:0} s"));
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw explain(error);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
