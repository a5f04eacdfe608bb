using System.Globalization;

namespace Orchestrator.Agent.Native;

/// <summary>Signals as specs name them; Linux numbers.</summary>
internal static class SignalNames
{
    private static readonly Dictionary<string, int> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HUP"] = 1, ["INT"] = 2, ["QUIT"] = 3, ["KILL"] = 9, ["USR1"] = 10, ["USR2"] = 12, ["ALRM"] = 14, ["TERM"] = 15, ["CONT"] = 18,
    };

    /// <summary><c>SIGUSR1</c>, <c>USR1</c> or a number; null = not one we know.</summary>
    public static int? Parse(string name)
    {
        var bare = name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? name[3..] : name;
        return Numbers.TryGetValue(bare, out var number) ? number
            : int.TryParse(bare, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is > 0 and < 65 ? given
            : null;
    }
}
