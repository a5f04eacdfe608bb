using System.Text;
using Orchestrator.Checkpoints;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// What every store accepts as a key: relative, forward slashes, no <c>.</c> or <c>..</c>, nothing a file system, a URL or a
/// terminal would read differently. Hosts propose keys, so this is checked before a key reaches a path.
/// </summary>
public static class StoreKeys
{
    /// <summary>Bytes in UTF-8.</summary>
    public const int MaxBytes = ObjectKeys.MaxBytes;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null when the key is good; else what is wrong with it, without repeating it.</summary>
    public static string? Problem(string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            return "the key is empty";
        }

        if (key.Length > MaxBytes || Bytes(key) is not { } bytes || bytes > MaxBytes)
        {
            return $"the key is longer than {MaxBytes} bytes or not valid Unicode";
        }

        foreach (var segment in key.Split('/'))
        {
            if (EntryPaths.PartProblem(segment) is { } problem)
            {
                return problem;
            }
        }

        return key[0] == '.' ? "the key begins with a dot, which is reserved" : null;
    }

    /// <summary>A prefix to list: empty, or a key that may end anywhere.</summary>
    public static string? PrefixProblem(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var trimmed = prefix.EndsWith('/') ? prefix[..^1] : prefix;
        return prefix.Length == 0 ? null : Problem(trimmed);
    }

    internal static void Require(string? key)
    {
        if (Problem(key) is { } problem)
        {
            throw new StoreException(StoreErrorKind.Invalid, $"key {Shown(key)} refused: {problem}");
        }
    }

    /// <summary>The key for a message: short, and harmless in a terminal.</summary>
    internal static string Shown(string? key)
    {
        var text = string.Concat((key ?? "").Take(120).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return $"\"{text}{((key?.Length ?? 0) > 120 ? "…" : "")}\"";
    }

    private static int? Bytes(string text)
    {
        try
        {
            return Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }
}
