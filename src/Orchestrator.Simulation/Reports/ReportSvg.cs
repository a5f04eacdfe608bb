using System.Globalization;
using System.Text;

namespace Orchestrator.Simulation.Reports;

/// <summary>Cost and finish of all worlds as columns: the product's own policy filled, the others as lines.</summary>
public static class ReportSvg
{
    private const int Width = 340;
    private const int Height = 160;
    private const int Left = 40;
    private const int Top = 40;
    private const int Gap = 60;

    private static readonly string[] _colours = ["#3b7dd8", "#d9822b", "#888888", "#3f9c5a"];

    public static string Of(SimulationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var svg = new StringBuilder();
        var total = Top + (2 * (Height + Gap)) + (18 * report.Policies.Length);
        svg.Append(Format($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Left + Width + 20}\" height=\"{total}\" font-family=\"sans-serif\" font-size=\"11\">\n"));
        svg.Append(Format($"<text x=\"{Left}\" y=\"18\" font-size=\"13\">{Escaped(report.Job)}: {report.Worlds} worlds, seed {report.Seed}</text>\n"));
        Panel(svg, report, Top, "cost in dollars", policy => policy.CostHistogram);
        Panel(svg, report, Top + Height + Gap, "hours until done", policy => policy.HoursHistogram);
        for (var i = 0; i < report.Policies.Length; i++)
        {
            var y = Top + (2 * (Height + Gap)) + (18 * i);
            svg.Append(Format($"<rect x=\"{Left}\" y=\"{y - 9}\" width=\"10\" height=\"10\" fill=\"{_colours[i % _colours.Length]}\"/><text x=\"{Left + 16}\" y=\"{y}\">{Escaped(report.Policies[i].Name)}: mean ${report.Policies[i].Cost.Mean:0.00}, {report.Policies[i].Hours.Mean:0.0} h</text>\n"));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, SimulationReport report, int top, string title, Func<PolicyReport, Histogram> of)
    {
        var most = Math.Max(1, report.Policies.Max(policy => of(policy).Counts.Max()));
        var columns = of(report.Policies[0]).Counts.Length;
        var step = (double)Width / columns;
        svg.Append(Format($"<text x=\"{Left}\" y=\"{top - 4}\">{title}</text>\n"));
        for (var i = report.Policies.Length - 1; i >= 0; i--)
        {
            var histogram = of(report.Policies[i]);
            var colour = _colours[i % _colours.Length];
            if (i == 0)
            {
                for (var column = 0; column < columns; column++)
                {
                    var height = (double)Height * histogram.Counts[column] / most;
                    svg.Append(Format($"<rect x=\"{Left + (column * step):0.#}\" y=\"{top + Height - height:0.#}\" width=\"{step - 1:0.#}\" height=\"{height:0.#}\" fill=\"{colour}\" fill-opacity=\"0.6\"/>\n"));
                }
            }
            else
            {
                var points = Enumerable.Range(0, columns).Select(column =>
                    Format($"{Left + ((column + 0.5) * step):0.#},{top + Height - ((double)Height * histogram.Counts[column] / most):0.#}"));
                svg.Append(Format($"<polyline points=\"{string.Join(' ', points)}\" fill=\"none\" stroke=\"{colour}\"/>\n"));
            }
        }

        svg.Append(Format($"<line x1=\"{Left}\" y1=\"{top + Height}\" x2=\"{Left + Width}\" y2=\"{top + Height}\" stroke=\"#444\"/>\n"));
        var width = of(report.Policies[0]).Width;
        for (var column = 0; column <= columns; column += 6)
        {
            svg.Append(Format($"<text x=\"{Left + (column * step):0.#}\" y=\"{top + Height + 14}\" text-anchor=\"middle\">{column * width:0.###}</text>\n"));
        }
    }

    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
