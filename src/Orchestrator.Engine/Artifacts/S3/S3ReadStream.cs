using Amazon.S3.Model;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>An object's bytes as they come; what breaks on the way is said in the store's words.</summary>
internal sealed class S3ReadStream(GetObjectResponse response, Func<Exception, StoreException> explain) : ReadOnlyStream
{
    private readonly Stream _inner = response.ResponseStream;

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _inner.ReadAsync(buffer, cancellationToken);
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
