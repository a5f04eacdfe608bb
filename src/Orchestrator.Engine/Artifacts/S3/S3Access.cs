using Amazon.S3;
using Orchestrator.Engine.Observing.Network;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>Sends calls to one bucket: errors in our words, keys that were rotated taken up on the way.</summary>
internal sealed class S3Access(S3Settings store, S3Credentials credentials, OwnNetwork? network) : IDisposable
{
    private readonly Lazy<AmazonS3Client> _client = new(() => S3ClientFactory.Create(store, credentials, network));

    internal S3Settings Store => store;

    internal string Bucket => store.Bucket;

    /// <summary>For what needs no answer (signing). Throws <see cref="StoreException"/>.</summary>
    internal T Sign<T>(string key, Func<IAmazonS3, T> sign)
    {
        try
        {
            return sign(_client.Value);
        }
        catch (Exception error) when (error is not StoreException)
        {
            throw Explain(error, key);
        }
    }

    internal async Task<T> CallAsync<T>(string key, Func<IAmazonS3, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await RawAsync(call);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            throw Explain(error, key);
        }
    }

    /// <summary>Like <see cref="CallAsync"/>, but lets the SDK's own exceptions through.</summary>
    internal async Task<T> RawAsync<T>(Func<IAmazonS3, Task<T>> call)
    {
        var before = credentials.Identity;
        try
        {
            return await call(_client.Value);
        }
        catch (AmazonS3Exception refused) when (S3Errors.IsAboutKeys(refused) && before is not null)
        {
            if (!await credentials.RereadAsync(before))
            {
                throw;
            }
        }

        return await call(_client.Value);
    }

    internal StoreException Explain(Exception error, string key) => S3Errors.From(error, store, key, credentials.KeyId);

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        credentials.Dispose();
    }
}
