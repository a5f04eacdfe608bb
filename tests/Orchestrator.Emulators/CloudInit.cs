using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Orchestrator.Emulators;

/// <summary>As much of cloud-init as the machines behind an emulator need: the host key, and lists of words as commands.</summary>
internal static partial class CloudInit
{
    /// <summary>PEM; null = none is given.</summary>
    public static string? HostKey(string userData) =>
        Key().Match(userData) is { Success: true } found ? string.Join('\n', found.Value.Split('\n').Select(line => line.Trim())) : null;

    public static ImmutableArray<ImmutableArray<string>> Commands(string userData) =>
        [.. Command().Matches(userData).Select(line => Word().Matches(line.Groups[1].Value).Select(word => word.Value.Trim()).Where(word => word.Length > 0).Select(word => word.Trim('"')).ToImmutableArray())];

    /// <summary>Folders that it makes.</summary>
    public static IEnumerable<string> Folders(string userData) => Commands(userData).Where(words => words is ["install", "-d", ..]).Select(words => words[^1]);

    [GeneratedRegex("-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----")]
    private static partial Regex Key();

    [GeneratedRegex(@"^ *- \[(.*)\] *$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("\"[^\"]*\"|[^,\"]+")]
    private static partial Regex Word();
}
