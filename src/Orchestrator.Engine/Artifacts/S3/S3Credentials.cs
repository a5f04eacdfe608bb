using Amazon.Runtime;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>
/// The SDK's view of a store's keys. They are read again when their file changes, every so often where that cannot be seen,
/// and when the store refuses them: rotating a key needs no restart.
/// </summary>
internal sealed class S3Credentials(S3KeyReader reader, TimeProvider time) : AWSCredentials, IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Held? _held;

    public override ImmutableCredentials GetCredentials() => Fresh(_held)?.Sdk ?? GetCredentialsAsync().GetAwaiter().GetResult();

    public override async Task<ImmutableCredentials> GetCredentialsAsync() => Fresh(_held)?.Sdk ?? (await ReadAsync()).Sdk;

    /// <summary>Reads them again. True when they are others than <paramref name="refused"/>.</summary>
    internal async Task<bool> RereadAsync(string? refused) => (await ReadAsync()).Identity != refused;

    /// <summary>What is in use, to be handed to <see cref="RereadAsync"/>.</summary>
    internal string? Identity => _held?.Identity;

    /// <summary>The access key in use, for messages.</summary>
    internal string? KeyId => _held?.Sdk.AccessKey;

    public void Dispose() => _one.Dispose();

    private Held? Fresh(Held? held)
    {
        if (held is null)
        {
            return null;
        }

        var stamp = reader.Stamp();
        return stamp is null ? (time.GetElapsedTime(held.At) < _longest ? held : null) : stamp == held.Stamp ? held : null;
    }

    private async Task<Held> ReadAsync()
    {
        await _one.WaitAsync();
        try
        {
            // The stamp first: a file that changes in between is then read once more.
            var stamp = reader.Stamp();
            var keys = await reader.ReadAsync().ConfigureAwait(false);
            return _held = new(new(keys.Id, keys.Secret, keys.Token), stamp, time.GetTimestamp());
        }
        catch (StoreException) when (_held is { } last)
        {
            // A file that is being replaced, a database that is away: the last good ones may still be good.
            return _held = last with { At = time.GetTimestamp() };
        }
        finally
        {
            _one.Release();
        }
    }

    private sealed record Held(ImmutableCredentials Sdk, string? Stamp, long At)
    {
        internal string Identity => $"{Sdk.AccessKey}\n{Sdk.SecretKey}\n{Sdk.Token}";
    }
}
