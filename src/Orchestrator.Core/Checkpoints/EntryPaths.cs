using System.Text;

namespace Orchestrator.Checkpoints;

/// <summary>
/// How an entry of the checkpoint folder, and each file in it, may be called: by the agent that stores it, the kernel that
/// hears of it, and the server that verifies it. Relative, forward slashes, nothing a file system, a URL or a terminal would
/// read differently.
/// </summary>
public static class EntryPaths
{
    /// <summary>Bytes in UTF-8 of one part between slashes: what every Linux file system can name.</summary>
    public const int MaxPartBytes = 255;

    /// <summary>Characters; what it is stored under is bounded by the store as well.</summary>
    public const int MaxLength = 4096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null when it is good; else what is wrong with it, without repeating it.</summary>
    public static string? Problem(string? path) => path is null or "" or { Length: > MaxLength }
        ? $"a name is empty or longer than {MaxLength} characters"
        : path.Split('/').Select(PartProblem).FirstOrDefault(problem => problem is not null);

    /// <summary>One part between slashes, which is also one file or folder name.</summary>
    public static string? PartProblem(string part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part is "" or "." or "..")
        {
            return "an empty part, . or .. is not allowed";
        }

        if (part.Any(char.IsControl))
        {
            return "control characters are not allowed";
        }

        try
        {
            return Strict.GetByteCount(part) <= MaxPartBytes ? null : $"a name is longer than {MaxPartBytes} bytes";
        }
        catch (EncoderFallbackException)
        {
            return "a name is not valid Unicode";
        }
    }
}
