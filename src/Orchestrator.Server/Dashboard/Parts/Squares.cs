using System.Globalization;
using System.Text;

namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>Many jobs in one look: a square each, in the colour of its state. A path for each colour, so that a thousand take hardly more bytes than their table.</summary>
internal static class Squares
{
    private const int InARow = 50;
    private const int Step = 12;

    internal static void Write(Html html, IEnumerable<string> states, string about)
    {
        var paths = new SortedDictionary<string, StringBuilder>(StringComparer.Ordinal);
        var count = 0;
        foreach (var state in states)
        {
            var style = Bits.StyleOf(state);
            if (!paths.TryGetValue(style, out var path))
            {
                paths[style] = path = new StringBuilder();
            }

            path.Append(CultureInfo.InvariantCulture, $"M{count % InARow * Step} {count / InARow * Step}h10v10h-10z");
            count++;
        }

        var (width, height) = (Math.Min(count, InARow) * Step, (count + InARow - 1) / InARow * Step);
        html.Open("svg", ("class", "squares"), ("viewBox", $"0 0 {width} {height}"), ("width", $"{width}"), ("height", $"{height}"), ("role", "img"), ("aria-label", about));
        foreach (var (style, path) in paths)
        {
            html.Open("path", ("class", style), ("d", path.ToString())).Raw("</path>");
        }

        html.Raw("</svg>");
    }
}
