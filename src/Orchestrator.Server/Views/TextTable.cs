using System.Text;

namespace Orchestrator.Server.Views;

/// <summary>A table that fits its width: columns shrink, then some go; a line never wraps.</summary>
public sealed class TextTable(params Column[] columns)
{
    private const int Gap = 2;
    private readonly List<(string[] Cells, Func<int, string, string> Paint)> _rows = [];

    public int Count => _rows.Count;

    /// <summary>Columns of the screen it takes when nothing is shortened.</summary>
    public int Width => Total(Natural()) + 1;

    /// <param name="cells">One for each column; cleaned here.</param>
    /// <param name="paint">Colours a padded cell by its column; null = plain.</param>
    public void Add(IEnumerable<string?> cells, Func<int, string, string>? paint = null) =>
        _rows.Add(([.. cells.Select(cell => Clean.Line(cell))], paint ?? ((_, cell) => cell)));

    /// <summary>The lines, header first, none longer than <paramref name="width"/> on the screen.</summary>
    public IEnumerable<string> Lines(int width, Paint paint)
    {
        var widths = Fit(width - 1);
        yield return paint.Dim(Line([.. columns.Select(column => column.Title)], widths, (_, cell) => cell));
        foreach (var (cells, colour) in _rows)
        {
            yield return Line(cells, widths, colour);
        }
    }

    private int[] Natural() => [.. columns.Select((column, at) => Math.Max(column.Title.Length, _rows.Count == 0 ? 0 : _rows.Max(row => row.Cells[at].Length)))];

    private int[] Fit(int width)
    {
        var widths = Natural();
        while (Total(widths) > width)
        {
            var widest = Enumerable.Range(0, widths.Length)
                .Where(at => widths[at] > columns[at].Least)
                .OrderByDescending(at => widths[at] - columns[at].Least).ThenBy(at => at)
                .Select(at => (int?)at)
                .FirstOrDefault();
            if (widest is { } shrinks)
            {
                widths[shrinks]--;
                continue;
            }

            var goes = Array.FindLastIndex(columns, columns.Length - 1, column => column.CanGo && widths[Array.IndexOf(columns, column)] > 0);
            if (goes < 0)
            {
                break;
            }

            widths[goes] = 0;
        }

        return widths;
    }

    private static int Total(int[] widths) => widths.Where(width => width > 0).Sum(width => width + Gap);

    private string Line(string[] cells, int[] widths, Func<int, string, string> paint)
    {
        var line = new StringBuilder(" ");
        var last = Array.FindLastIndex(widths, width => width > 0);
        for (var at = 0; at < cells.Length; at++)
        {
            if (widths[at] == 0)
            {
                continue;
            }

            var text = Clean.Line(cells[at], widths[at] + 1);
            text = text.Length > widths[at] ? text[..Math.Max(0, widths[at] - 1)] + "…" : text;
            text = columns[at].IsRight ? text.PadLeft(widths[at]) : at == last ? text : text.PadRight(widths[at]);
            line.Append(paint(at, text)).Append(at == last ? "" : "  ");
        }

        return line.ToString();
    }
}
