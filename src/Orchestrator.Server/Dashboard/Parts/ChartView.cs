using System.Globalization;
using System.Text.Json;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>A chart as a figure of the page.</summary>
internal static class ChartView
{
    private const double Width = 1000;
    private const double Height = 200;

    internal static void Chart(this Html html, Chart chart)
    {
        if (chart.At.Length < 2)
        {
            html.Open("figure", ("class", "chart")).Element("figcaption", chart.Title).Element("p", "too little to draw yet", "about").Raw("</figure>");
            return;
        }

        html.Open("figure", ("class", "chart")).Element("figcaption", chart.Title);
        html.Open("div", ("class", "plot"), ("data-chart", JsonSerializer.Serialize(chart, ApiJson.Options)), ("role", "img"), ("aria-label", Clean.Line(chart.Summary)));
        html.Raw("<span class=\"most\">").Text(Axis(chart, chart.Most)).Raw("</span><span class=\"least\">").Text(Axis(chart, chart.Least)).Raw("</span>");
        html.Raw($"<svg viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        for (var at = 0; at < chart.Bands.Length; at++)
        {
            var (left, right) = (X(chart, chart.Bands[at].From), X(chart, chart.Bands[at].To));
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<rect class=\"band{at % 2}\" x=\"{left:0.#}\" y=\"0\" width=\"{Math.Max(0, right - left):0.#}\" height=\"{Height}\"/>"));
        }

        for (var at = 0; at < chart.Lines.Length; at++)
        {
            html.Raw($"<path class=\"line{at % 6}\" d=\"{Path(chart, chart.Lines[at])}\"/>");
        }

        html.Raw("</svg></div>");
        if (chart.Lines.Length > 1)
        {
            html.Raw("<ul class=\"legend\">");
            for (var at = 0; at < chart.Lines.Length; at++)
            {
                html.Element("li", chart.Lines[at].Name, $"line{at % 6}");
            }

            html.Raw("</ul>");
        }

        html.Element("p", chart.Summary, "about").Raw("</figure>");
    }

    private static string Path(Chart chart, ChartLine line)
    {
        var path = new System.Text.StringBuilder();
        var isUp = true;
        for (var at = 0; at < chart.At.Length; at++)
        {
            if (line.Values[at] is not { } value)
            {
                isUp = true;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(isUp ? 'M' : 'L')}{X(chart, chart.At[at]):0.#} {Y(chart, value):0.#}");
            isUp = false;
        }

        return path.ToString();
    }

    private static double X(Chart chart, double at) => chart.At[^1] > chart.At[0] ? Math.Clamp((at - chart.At[0]) / (chart.At[^1] - chart.At[0]), 0, 1) * Width : 0;

    private static double Y(Chart chart, double value) => chart.Most > chart.Least ? 4 + ((1 - ((value - chart.Least) / (chart.Most - chart.Least))) * (Height - 8)) : Height / 2;

    private static string Axis(Chart chart, double value) => chart.Unit + value.ToString(Math.Abs(value) >= 1000 ? "#,0" : "0.###", CultureInfo.InvariantCulture);
}
