using System.Globalization;

namespace Orchestrator.Server.Cli.Reaching;

/// <summary><c>8888</c>, or <c>9000:8888</c> for another port on this side.</summary>
internal readonly record struct PortPair(int Ours, int Theirs)
{
    internal static PortPair? Parse(string text)
    {
        var parts = text.Split(':');
        return parts.Length <= 2 && Port(parts[0]) is { } ours && Port(parts[^1]) is { } theirs ? new(ours, theirs) : null;
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;
}
