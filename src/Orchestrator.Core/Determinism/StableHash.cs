using System.Text;

namespace Orchestrator.Determinism;

/// <summary>A hash that is the same on every machine, run and version (FNV-1a, 64 bits), for seeds and tie-breaks; not for security.</summary>
public static class StableHash
{
    private const ulong Prime = 1099511628211UL;

    public static ulong Of(params ReadOnlySpan<string> parts)
    {
        var hash = 14695981039346656037UL;
        foreach (var part in parts)
        {
            hash = Add(hash, part);

            // A separator that no UTF-8 text contains keeps ("ab","c") apart from ("a","bc").
            hash = (hash ^ 0xFF) * Prime;
        }

        return hash;
    }

    private static ulong Add(ulong hash, string part)
    {
        var most = Encoding.UTF8.GetMaxByteCount(part.Length);
        Span<byte> bytes = most <= 512 ? stackalloc byte[512] : new byte[most];
        foreach (var b in bytes[..Encoding.UTF8.GetBytes(part, bytes)])
        {
            hash = (hash ^ b) * Prime;
        }

        return hash;
    }
}
