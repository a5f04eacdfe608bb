using System.Globalization;

namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>Buttons that change something: plain forms, so that they work without JavaScript. For operators only.</summary>
/// <param name="Token">Against forgery.</param>
/// <param name="IsOperator">Who may only read is shown none; the form's own check refuses too.</param>
internal sealed record Buttons(string Token, bool IsOperator)
{
    internal void One(Html html, string address, string text, string? about = null)
    {
        if (IsOperator)
        {
            html.Open("form", ("method", "post"), ("action", address)).Open("input", ("type", "hidden"), ("name", "__RequestVerificationToken"), ("value", Token))
                .Open("button", ("aria-label", about)).Text(text).Raw("</button></form>");
        }
    }

    /// <summary>With an amount of dollars to be typed.</summary>
    /// <param name="html">The page.</param>
    /// <param name="address">Where it is sent to.</param>
    /// <param name="field">Its name there.</param>
    /// <param name="about">What the amount is.</param>
    /// <param name="offered">What stands there to begin with.</param>
    /// <param name="text">On the button.</param>
    internal void Amount(Html html, string address, string field, string about, decimal offered, string text)
    {
        if (IsOperator)
        {
            html.Open("form", ("method", "post"), ("action", address), ("class", "amount")).Open("input", ("type", "hidden"), ("name", "__RequestVerificationToken"), ("value", Token));
            html.Raw("<label>").Text(about).Raw(" $").Open("input", ("name", field), ("inputmode", "decimal"), ("required", ""), ("size", "8"), ("value", offered.ToString("0.00", CultureInfo.InvariantCulture))).Raw("</label>");
            html.Open("button").Text(text).Raw("</button></form>");
        }
    }

    /// <summary>What cannot be taken back is asked for twice.</summary>
    internal void Twice(Html html, string id, string address, string text, string sure)
    {
        if (IsOperator)
        {
            html.Open("details", ("id", id), ("class", "twice")).Element("summary", text);
            One(html, address, sure);
            html.Raw("</details>");
        }
    }
}
