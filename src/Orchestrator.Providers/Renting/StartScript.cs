using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace Orchestrator.Providers.Renting;

/// <summary>
/// Brings up sshd in an image that may lack it, with our key and no other, and stays: the container's first process. In POSIX sh, a
/// file beside this one. Providers bound its length (Vast.ai: 4048 characters with its arguments), so its comments stay here.
/// </summary>
internal static class StartScript
{
    /// <summary>Least of the bounds that are documented.</summary>
    public const int MostCharacters = 4048;

    private static readonly string _text = Load();

    /// <summary>Arguments of <c>/bin/sh</c>.</summary>
    public static ImmutableArray<string> Arguments(DerivedKey host, string loginKey, int port) =>
        ["-c", _text, "orchestrator", host.Pem.Trim(), loginKey.Trim(), port.ToString(CultureInfo.InvariantCulture)];

    private static string Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Renting/start-sshd.sh")
            ?? throw new InvalidOperationException("the script start-sshd.sh is missing from this build");
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.TrimStart().StartsWith('#')));
    }
}
