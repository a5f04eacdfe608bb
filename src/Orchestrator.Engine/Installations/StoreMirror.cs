using System.Text;
using Orchestrator.Engine.Artifacts;

namespace Orchestrator.Engine.Installations;

/// <summary>The record as an object of the default store. One object for each epoch: two installations may share a bucket.</summary>
public sealed class StoreMirror(IObjectStore store) : IInstallationMirror
{
    // Far above what 1,000 ended jobs and as many live ones take.
    private const int MaxBytes = 1 << 20;

    // Launches wait for it; a store that hangs must not hold them up.
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(5);

    public Task<string?> ReadAsync(string epoch, CancellationToken cancellation) => BoundedAsync(limit => TryReadAsync(epoch, limit), cancellation);

    public Task WriteAsync(string epoch, string json, CancellationToken cancellation) => BoundedAsync(
        async limit =>
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            using var content = new MemoryStream(bytes, writable: false);
            await store.WriteAsync(Key(epoch), content, bytes.Length, onlyIfAbsent: false, limit);
            return true;
        },
        cancellation);

    private async Task<string?> TryReadAsync(string epoch, CancellationToken cancellation)
    {
        if (await store.HeadAsync(Key(epoch), cancellation) is null)
        {
            return null;
        }

        await using var stream = await store.ReadAsync(Key(epoch), 0, null, cancellation);
        var buffer = new byte[MaxBytes];
        var length = await stream.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static async Task<T> BoundedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_longest);
        try
        {
            return await call(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StoreException(StoreErrorKind.Transient, $"the default store did not answer in {_longest.TotalSeconds} s");
        }
    }

    private static string Key(string epoch) => $"installations/{epoch}.json";
}
