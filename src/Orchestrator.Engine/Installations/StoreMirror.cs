using System.Text;
using Orchestrator.Engine.Artifacts;

namespace Orchestrator.Engine.Installations;

/// <summary>The record as an object of the default store. One object for each epoch: two installations may share a bucket.</summary>
public sealed class StoreMirror(IObjectStore store) : IInstallationMirror
{
    // Far above what 1,000 ended jobs and as many live ones take.
    private const int MaxBytes = 1 << 20;

    public async Task<string?> ReadAsync(string epoch, CancellationToken cancellation)
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

    public async Task WriteAsync(string epoch, string json, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        using var content = new MemoryStream(bytes, writable: false);
        await store.WriteAsync(Key(epoch), content, bytes.Length, onlyIfAbsent: false, cancellation);
    }

    private static string Key(string epoch) => $"installations/{epoch}.json";
}
