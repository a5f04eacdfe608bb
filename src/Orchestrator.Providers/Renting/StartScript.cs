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

    /// <summary>A host to which no agent of ours was brought for so long after its start ends itself, where its key allows it: longer than any boot is waited for.</summary>
    public static readonly TimeSpan Alone = TimeSpan.FromHours(2);

    /// <summary>Stands for the instance's own id, which only its host knows when it starts.</summary>
    public const string Id = "ID";

    private static readonly string _text = Load();

    /// <summary>Arguments of <c>/bin/sh</c>.</summary>
    /// <param name="host">The key that it shows.</param>
    /// <param name="loginKey">Who may come in.</param>
    /// <param name="port">Of sshd.</param>
    /// <param name="end">A DELETE to it ends the instance whose id stands for <see cref="Id"/>.</param>
    public static ImmutableArray<string> Arguments(DerivedKey host, string loginKey, int port, Uri end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return
        [
            "-c", _text, "orchestrator", host.Pem.Trim(), loginKey.Trim(), port.ToString(CultureInfo.InvariantCulture),
            end.AbsoluteUri, Alone.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static string Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Renting/start-sshd.sh")
            ?? throw new InvalidOperationException("the script start-sshd.sh is missing from this build");
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.TrimStart().StartsWith('#')));
    }
}
