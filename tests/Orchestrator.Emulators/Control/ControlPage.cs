using System.Globalization;
using System.Net;
using System.Text;

namespace Orchestrator.Emulators.Control;

/// <summary>All clouds on one page, with a button for each switch. Works without scripts.</summary>
public static class ControlPage
{
    private const string Head =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>emulated clouds</title>
        <style>body{font:14px system-ui;margin:2em;max-width:80em}table{border-collapse:collapse}td,th{padding:.2em .8em;text-align:left;border-bottom:1px solid #8884}
        form{display:inline}button{font:inherit;margin:.1em}td.n{text-align:right}.gone{opacity:.5}</style>
        <h1>Emulated clouds</h1><p>Each button is a POST to the address it shows: <code>/CLOUD/SWITCH</code> or <code>/CLOUD/INSTANCE/SWITCH</code>. <a href="/bills">bills as JSON</a></p>
        """;

    public static string Of(IReadOnlyList<CloudControls> clouds)
    {
        ArgumentNullException.ThrowIfNull(clouds);
        var page = new StringBuilder(Head);
        foreach (var cloud in clouds)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{cloud.Name}</h2><h3>The next call</h3><p>").AppendJoin("", cloud.OfCall.Keys.Select(name => Button($"/{cloud.Name}/{name}", name)))
                .Append("</p><h3>The account</h3><p>").AppendJoin("", cloud.OfAccount.Keys.Select(name => Button($"/{cloud.Name}/{name}", name)))
                .Append("</p><h3>Instances</h3><table><tr><th>id<th>label<th>state<th>$/h<th>bill<th>");
            foreach (var bill in cloud.Bills().Reverse())
            {
                var buttons = bill.IsGone ? "" : string.Concat(cloud.OfInstance.Keys.Select(name => Button($"/{cloud.Name}/{Uri.EscapeDataString(bill.Id)}/{name}", name)));
                page.Append(CultureInfo.InvariantCulture, $"<tr class=\"{(bill.IsGone ? "gone" : "")}\"><td>{Text(bill.Id)}<td>{Text(bill.Label)}<td>{Text(bill.Status)}<td class=n>{bill.PerHour:0.000}<td class=n>{bill.Amount:0.000}<td>{buttons}");
            }

            var offers = cloud.Offers();
            page.Append(CultureInfo.InvariantCulture, $"</table><details><summary>{offers.Count} on offer</summary><ul>").AppendJoin("", offers.Select(offer => $"<li>{Text(offer)}")).Append("</ul></details>");
        }

        return page.ToString();
    }

    private static string Button(string address, string words) => $"<form method=post action=\"{Text(address)}\"><button title=\"POST {Text(address)}\">{Text(words)}</button></form>";

    /// <summary>Labels come from clients.</summary>
    private static string Text(string words) => WebUtility.HtmlEncode(words);
}
