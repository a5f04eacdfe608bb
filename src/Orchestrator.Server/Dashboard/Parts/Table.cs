namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>A table that becomes a list of cards on a phone: each cell carries its column's name.</summary>
internal sealed class Table
{
    private readonly Html _html;
    private readonly Heading[] _columns;

    /// <param name="html">The page.</param>
    /// <param name="about">What it lists, for who does not see it.</param>
    /// <param name="columns">Headings.</param>
    internal Table(Html html, string about, params IEnumerable<Heading> columns)
    {
        (_html, _columns) = (html, [.. columns]);
        html.Raw("<table><caption class=\"unseen\">").Text(about).Raw("</caption><thead><tr>");
        foreach (var column in _columns)
        {
            html.Open("th", ("scope", "col"), ("class", column.IsFigure ? "figure" : null), ("aria-sort", column.Order));
            if (column.Address is { } address)
            {
                html.Link(address, column.Text + (column.Order switch { null => "", "descending" => " ↓", _ => " ↑" }));
            }
            else
            {
                html.Text(column.Text);
            }

            html.Raw("</th>");
        }

        html.Raw("</tr></thead><tbody>");
    }

    internal void Row(params ReadOnlySpan<Cell> cells)
    {
        _html.Raw("<tr>");
        for (var at = 0; at < cells.Length; at++)
        {
            // A time or a figure in two lines is hard to read.
            _html.Open("td", ("data-label", _columns[at].Text), ("class", _columns[at].IsFigure ? "figure" : cells[at].Text is { Length: <= 16 } ? "short" : null)).Raw("<span>");
            if (cells[at].Write is { } write)
            {
                write(_html);
            }
            else
            {
                _html.Text(cells[at].Text);
            }

            _html.Raw("</span></td>");
        }

        _html.Raw("</tr>");
    }

    internal void End() => _html.Raw("</tbody></table>");
}
