using System.Text;

namespace Orchestrator.Engine.Specs;

/// <summary>Prints the expanded spec for <c>validate --show</c>: one <c>path: value</c> per line with its origin.</summary>
public static class ExpandedSpecPrinter
{
    private const int WidestValue = 72;

    public static string Print(SpecReadResult result)
    {
        var rows = result.ExpandedView.Select(value => (Text: $"{value.Path}: {Short(value.Value)}", Origin: Origin(value))).ToList();
        var width = rows.Count == 0 ? 0 : Math.Min(WidestValue, rows.Max(row => row.Text.Length));
        var text = new StringBuilder();
        foreach (var (row, origin) in rows)
        {
            text.Append(row.PadRight(width)).Append("  # ").Append(origin).Append('\n');
        }

        return text.ToString();
    }

    private static string Short(string value)
    {
        var line = value.TrimEnd('\n').Replace("\n", "\\n", StringComparison.Ordinal);
        return line.Length > 200 ? line[..200] + "..." : line;
    }

    private static string Origin(ExpandedValue value) => value.Origin switch
    {
        SpecOrigin.Set => "--set",
        SpecOrigin.Job => FormattableString.Invariant($"job, line {value.Line}"),
        SpecOrigin.Template => "template",
        SpecOrigin.ServerDefault => "server default",
        SpecOrigin.BuiltIn => "built-in",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Origin, "unknown origin"),
    };
}
