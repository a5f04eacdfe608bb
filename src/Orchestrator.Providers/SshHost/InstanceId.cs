using System.Text.RegularExpressions;

namespace Orchestrator.Providers.SshHost;

/// <summary>Ids on the books name the machine as well as the folder there: <c>box1.i-0123456789ab</c>.</summary>
internal static partial class InstanceId
{
    public static string New() => "i-" + Guid.NewGuid().ToString("N")[..12];

    public static string Of(string machine, string name) => machine + "." + name;

    /// <summary>False for anything that is not exactly one of ours: an id becomes part of a path.</summary>
    public static bool TryParse(string id, out string machine, out string name)
    {
        var match = Pattern().Match(id);
        (machine, name) = (match.Groups[1].Value, match.Groups[2].Value);
        return match.Success;
    }

    [GeneratedRegex("^([a-z0-9][a-z0-9-]{0,40})\\.(i-[0-9a-f]{12})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
