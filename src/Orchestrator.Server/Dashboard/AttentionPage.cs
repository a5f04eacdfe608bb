using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>Everything that waits for a human, each with what can be done about it. Empty is the normal state.</summary>
internal sealed class AttentionPage() : OwnPage("Attention", Addresses.Attention)
{
    protected override void Body(Html html)
    {
        var system = Service<ISystemDesk>();
        var waiting = AttentionList.Of(
            Read(cancellation => Service<IJobReader>().ListAsync(new(), cancellation)), Read(cancellation => system.AlertsAsync(all: false, cancellation)),
            Read(Service<ISeriesDesk>().ListAsync), Read(system.RecoveredAsync), Now);
        html.Raw("<h1>Attention</h1>");
        if (waiting.IsEmpty)
        {
            html.Raw("<p class=\"light well\">Nothing waits for you</p><p class=\"about\">What needs a person is shown here: a leak, a budget that is spent, a job that failed.</p>");
            return;
        }

        html.Raw("<ul class=\"cards wide\">");
        foreach (var item in waiting)
        {
            html.Open("li", ("class", item.Act == AttentionAct.Dismiss ? "card" : "card urgent")).Element("h2", item.Title).Element("p", item.At is { } at ? $"since {When(at)}" : "", "about").Raw("<p>").Text(item.Text, 2_000).Raw("</p>");
            html.Raw("<div class=\"commands\">");
            Act(html, item);
            html.Raw("</div></li>");
        }

        html.Raw("</ul>");
    }

    private void Act(Html html, AttentionItem item)
    {
        switch (item.Act)
        {
            case AttentionAct.Resume:
                Buttons.One(html, Addresses.Command(item.Job!.Value, "resume"), "Resume", $"Resume: {item.Title}");
                break;
            case AttentionAct.Dismiss:
                Buttons.One(html, Addresses.Dismiss(item.Alert!.Value), "Dismiss", $"Dismiss: {item.Title}");
                break;
            case AttentionAct.Look or AttentionAct.Raise:
                break;
            default:
                html.Element("span", "goes by itself once it is mended", "about");
                break;
        }

        if (item.Job is { } job)
        {
            html.Link(Addresses.Job(job), item.Act == AttentionAct.Raise ? "Raise its budget" : "Look at the job", item.Act is AttentionAct.Look or AttentionAct.Raise ? "button" : null);
        }
    }
}
