using System.Buffers;
using System.IO.Hashing;

namespace Orchestrator.Engine.Artifacts;

/// <summary>XXH128 as the manifests write it: 32 lower-case hex digits.</summary>
public static class ContentHash
{
    internal const int BufferBytes = 1 << 20;

    public static bool IsValid(string? hash) => hash is { Length: 32 } && hash.All(char.IsAsciiHexDigitLower);

    /// <summary>Hashes a stream to its end with one pooled buffer.</summary>
    public static async Task<(string Hash, long Length)> OfAsync(Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var hash = new XxHash128();
            long length = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
            {
                hash.Append(buffer.AsSpan(0, read));
                length += read;
            }

            return (Text(hash), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static string Text(XxHash128 hash) => Convert.ToHexStringLower(hash.GetCurrentHash());
}
