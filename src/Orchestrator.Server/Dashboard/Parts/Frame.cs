namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>What is around the main part of every page of ours.</summary>
internal static class Frame
{
    internal static void Begin(Html html, string title, IEnumerable<(string Text, string Address, bool IsHere, bool IsOwn)> menu, string? token, string? changes)
    {
        html.Raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">");
        html.Open("meta", ("name", "csrf-token"), ("content", token));
        html.Raw("<title>").Text(title).Raw(" · Orchestrator</title><link rel=\"icon\" href=\"data:,\">");
        html.Open("link", ("rel", "stylesheet"), ("href", DashboardAssets.Of("uplot.css"))).Open("link", ("rel", "stylesheet"), ("href", DashboardAssets.Of("pages.css")));
        html.Open("script", ("src", DashboardAssets.Of("uplot.js")), ("defer", "")).Raw("</script>").Open("script", ("src", DashboardAssets.Of("pages.js")), ("defer", "")).Raw("</script>");
        // Without scripts it reloads by itself; it answers from the database alone, so that is cheap.
        html.Raw(changes is null ? "</head>" : "<noscript><meta http-equiv=\"refresh\" content=\"15\"></noscript></head>");
        html.Open("body", ("data-changes", changes)).Raw("<a class=\"skip\" href=\"#main\">Skip to the content</a><header><strong>Orchestrator</strong><nav aria-label=\"Pages\"><ul>");
        foreach (var (text, address, isHere, isOwn) in menu)
        {
            html.Open("li", ("class", isOwn ? null : "engine")).Open("a", ("href", address), ("aria-current", isHere ? "page" : null)).Text(text).Raw("</a></li>");
        }

        html.Raw("</ul></nav></header><main id=\"main\" tabindex=\"-1\">");
    }

    internal static void End(Html html, string? user, bool isOperator)
    {
        html.Raw("</main><footer><span id=\"live\" role=\"status\"></span><span>").Text($"signed in as {user}" + (isOperator ? "" : ", to read only"));
        html.Raw("</span><span>Wake-ups, Retries, Recurring Jobs and Servers are the engine's own alarm clock; your training jobs are under Jobs.</span></footer></body></html>");
    }
}
