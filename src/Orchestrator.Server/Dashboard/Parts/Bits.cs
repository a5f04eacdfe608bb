using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>Small pieces that several pages share.</summary>
internal static class Bits
{
    private static readonly string[] _states = ["active", "waiting", "scheduled", "recovering", "paused", "succeeded", "failed", "cancelled", "deadline-missed"];

    internal static Html Heading(this Html html, string text, string? about = null)
    {
        html.Element("h2", text);
        return about is null ? html : html.Element("p", about, "about");
    }

    /// <summary>A state as a coloured word; the class comes from our own list.</summary>
    internal static Html State(this Html html, string state, string word) => html.Element("span", word, "state " + StyleOf(state));

    internal static string StyleOf(string state) => Array.IndexOf(_states, state) >= 0 ? state : "other";

    internal static Html BatchLink(this Html html, BatchPlace batch, int jobs) => html.Link(Addresses.Batch(batch.Id), $"{Clean.Line(batch.Name, 64)} × {Say.Count(jobs)}");

    /// <summary>A figure that is meant to be seen from afar.</summary>
    internal static Html Tile(this Html html, string name, string figure, string note = "", string? style = null) =>
        html.Open("div", ("class", style is null ? "tile" : "tile " + style)).Element("dt", name).Raw("<dd><b>").Text(figure).Raw("</b>").Element("small", note).Raw("</dd></div>");

    internal static Html Fact(this Html html, string name, string? text) => html.Element("dt", name).Element("dd", string.IsNullOrEmpty(text) ? "-" : text);

    /// <summary>0 to 1, with what it says for who does not see it.</summary>
    internal static Html Bar(this Html html, double share, string about) => html
        .Open("progress", ("max", "1000"), ("value", ((int)Math.Round(Math.Clamp(share, 0, 1) * 1000)).ToString(CultureInfo.InvariantCulture)), ("aria-label", about)).Text(about).Raw("</progress>");

    internal static Html JobLink(this Html html, long id, string name, string? style = null) => html.Link(Addresses.Job(id), Clean.Line(name, 64) + " #" + id.ToString(CultureInfo.InvariantCulture), style);

    internal static string Steps(JobSummary job) => job.Progress is not { } at ? "not begun"
        : Say.Share(at.Step, at.Total) is { } share ? $"{Say.Percent(share)} · step {Say.Count(at.Step)} of {Say.Count(at.Total!.Value)}"
        : "step " + Say.Count(at.Step);

    internal static string Saved(JobSummary job, DateTimeOffset now) => job.LastCheckpoint is { } saved ? Say.For(now - saved.At) + " ago" : "nothing yet";

    internal static string PerHour(decimal? dollars) => dollars is { } price ? "$" + price.ToString("0.000", CultureInfo.InvariantCulture) + "/h" : "-";

    internal static string Percent(decimal share) => share >= 10 ? "over 1000 %" : (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
