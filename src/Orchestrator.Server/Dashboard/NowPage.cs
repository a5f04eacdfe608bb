using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>Whether all is well, in one look; below it each job that has not ended.</summary>
internal sealed class NowPage() : OwnPage("Now", Addresses.Now)
{
    private const int MostCards = 60;

    protected override void Body(Html html)
    {
        var jobs = Read(cancellation => Service<IJobReader>().ListAsync(new(), cancellation));
        var overview = Overview.Of(jobs, Now);
        var waiting = AttentionList.Of(
            jobs, Read(cancellation => Service<ISystemDesk>().AlertsAsync(all: false, cancellation)), Read(Service<ISeriesDesk>().ListAsync), Read(Service<ISystemDesk>().RecoveredAsync), Now);
        var (leaks, checkedAt) = Read(Service<ISystemDesk>().LeaksAsync);
        html.Raw("<h1 class=\"unseen\">Now</h1>");
        if (waiting.IsEmpty)
        {
            html.Raw("<p class=\"light well\">All is well</p>");
        }
        else
        {
            html.Raw("<p class=\"light needs\">").Link(Addresses.Of(Addresses.Attention), string.Create(CultureInfo.InvariantCulture, $"{waiting.Length} need{(waiting.Length == 1 ? "s" : "")} you"));
            html.Element("span", waiting[0].Title).Raw("</p>");
        }

        html.Raw("<dl class=\"tiles\">")
            .Tile("Now", $"${Say.Dollars(overview.PerHour)}/h", overview.Live.Count(job => job.Where is not null) is var hosts && hosts == 1 ? "1 job on a host" : $"{hosts} jobs on hosts")
            .Tile("Spent", $"${Say.Dollars(overview.Spent)}", overview.Live.IsEmpty ? "no job is under way" : overview.Allowed is { } most ? $"of ${Say.Dollars(most)}, by jobs under way" : "by jobs under way, not all have a limit")
            .Tile("Leaks", leaks is { } count ? count.ToString(CultureInfo.InvariantCulture) : "not known", checkedAt is { } at ? $"checked {Say.For(Now - at)} ago" : "no check since the server began", leaks > 0 ? "bad-tile" : null)
            .Tile("Oldest unsaved work", overview.Worst is { } worst ? Say.For(worst.Unsaved) : "none", overview.Worst is { } of ? of.Job.Name : "nothing trains")
            .Raw("</dl>");
        if (overview.Live.IsEmpty)
        {
            html.Raw("<p class=\"empty\">No job is under way. Submit one: <code>orchestrator run job.yaml</code></p>");
        }

        html.Raw("<ul class=\"cards\">");
        // A batch is one card, whatever has ended of it.
        var living = overview.Live.Select(job => job.Batch?.Id).OfType<long>().ToHashSet();
        var cards = BatchSum.Grouped(jobs.Where(job => !Words.IsEnded(job.State) || (job.Batch is { } of && living.Contains(of.Id))), Now).ToList();
        foreach (var (job, sum) in cards.Take(MostCards))
        {
            if (sum is null)
            {
                Card(html, job);
            }
            else
            {
                Card(html, sum);
            }
        }

        html.Raw("</ul>");
        if (cards.Count > MostCards)
        {
            html.Raw("<p>").Link(Addresses.Of(Addresses.Jobs), $"{cards.Count - MostCards} more under Jobs").Raw("</p>");
        }

        Ended(html, [.. jobs.Where(job => Words.IsEnded(job.State)).Take(5)]);
    }

    private void Card(Html html, JobSummary job)
    {
        html.Raw("<li class=\"card\"><h2>").JobLink(job.Id, job.Name).Raw(" ").State(job.State, StateWords.Of(job)).Raw("</h2>");
        if (job.Progress is { } at && Say.Share(at.Step, at.Total) is { } share)
        {
            html.Bar(share, Bits.Steps(job));
        }

        html.Element("p", Bits.Steps(job), "steps");
        if (job.Where is null && job.Reason.Length > 0)
        {
            html.Element("p", job.Reason, "about");
        }

        html.Raw("<dl class=\"facts\">");
        if (job.DoneAt is not null)
        {
            html.Fact("Done at", When(job.DoneAt));
        }

        html.Fact("Spent", "$" + Say.Spent(job.Cost, job.Budget) + (job.PricePerHour is { } price ? $", {Bits.PerHour(price)}" : ""));
        if (job.Where is not null)
        {
            html.Fact("Saved", Bits.Saved(job, Now)).Fact("Where", job.Where);
        }

        html.Raw("</dl></li>");
    }

    private void Card(Html html, BatchSum sum)
    {
        html.Raw("<li class=\"card\"><h2>").BatchLink(sum.Batch, sum.Jobs).Raw("</h2>");
        if (sum.Share is { } share)
        {
            html.Bar(share, $"{sum.Batch.Name}: {Say.Percent(share)}");
        }

        html.Element("p", sum.Counted, "steps").Raw("<dl class=\"facts\">");
        if (sum.DoneAt is not null)
        {
            html.Fact("Done at", When(sum.DoneAt));
        }

        html.Fact("Spent", "$" + Say.Spent(sum.Cost, sum.Batch.Budget) + (sum.PerHour is { } price ? $", {Bits.PerHour(price)}" : ""));
        if (sum.Where is { } where)
        {
            html.Fact("Saved", sum.Saved is { } saved ? $"{Say.For(saved)} ago, the oldest" : "nothing yet").Fact("Where", where);
        }

        html.Raw("</dl></li>");
    }

    private void Ended(Html html, JobSummary[] jobs)
    {
        if (jobs.Length == 0)
        {
            return;
        }

        html.Heading("Ended lately").Raw("<ul class=\"plain\">");
        foreach (var job in jobs)
        {
            html.Raw("<li>").JobLink(job.Id, job.Name).Raw(" ").State(job.State, StateWords.Of(job)).Element("span", $"{When(job.Since)}, ${Say.Dollars(job.Cost)}", "about").Raw("</li>");
        }

        html.Raw("</ul>");
    }
}
