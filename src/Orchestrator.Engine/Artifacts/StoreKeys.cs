using System.Text;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// What every store accepts as a key: relative, forward slashes, no <c>.</c> or <c>..</c>, nothing a file system, a URL or a
/// terminal would read differently. Hosts propose keys, so this is checked before a key reaches a path.
/// </summary>
public static class StoreKeys
{
    /// <summary>Bytes in UTF-8, as in S3.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Bytes in UTF-8 of one part between slashes: what every Linux file system can name.</summary>
    public const int MaxSegmentBytes = 255;

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
            if (SegmentProblem(segment) is { } problem)
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

    /// <summary>One part of a key, which is also one file or folder name.</summary>
    public static string? SegmentProblem(string segment)
    {
        if (segment is "" or "." or "..")
        {
            return "an empty part, . or .. is not allowed";
        }

        if (segment.Any(char.IsControl))
        {
            return "control characters are not allowed";
        }

        return Bytes(segment) is { } bytes && bytes <= MaxSegmentBytes ? null : $"a name is longer than {MaxSegmentBytes} bytes or not valid Unicode";
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
