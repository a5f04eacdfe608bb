using System.Text;

namespace Orchestrator.Determinism;

/// <summary>A hash that is the same on every machine, run and version (FNV-1a, 64 bits), for seeds and tie-breaks; not for security.</summary>
public static class StableHash
{
    public static ulong Of(params ReadOnlySpan<string> parts)
    {
        var hash = 14695981039346656037UL;
        foreach (var part in parts)
        {
            foreach (var b in Encoding.UTF8.GetBytes(part))
            {
                hash = (hash ^ b) * 1099511628211UL;
            }

            // A separator that no UTF-8 text contains keeps ("ab","c") apart from ("a","bc").
            hash = (hash ^ 0xFF) * 1099511628211UL;
        }

        return hash;
    }
}
