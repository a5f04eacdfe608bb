using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>One batch: its money, its line, and its jobs by any of their columns.</summary>
internal sealed class BatchPage(string id) : OwnPage("Batch", Addresses.Jobs)
{
    private const int RowsOfAPage = 50;

    protected override void Body(Html html)
    {
        BatchDetails batch;
        try
        {
            batch = Read(cancellation => Service<IBatchDesk>().FindAsync("#" + id, cancellation));
        }
        catch (DeskException refused) when (refused.Refusal == Refusal.NotFound)
        {
            html.Raw("<h1>There is no such batch</h1>");
            return;
        }

        var (by, descending) = (Query("sort") is { Length: > 0 } asked && BatchSort.Names(batch).Contains(asked) ? asked : "number", Query("desc") == "1");
        var pages = Math.Max(1, (batch.Jobs.Length + RowsOfAPage - 1) / RowsOfAPage);
        var page = int.TryParse(Query("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, pages) : 1;
        var table = new BatchTable(BatchSort.By(batch, by, descending), by, descending);
        html.Raw("<h1>").Text(Clean.Line(batch.Name, 64)).Raw("</h1>");
        html.Element("p", About(batch), "lead");
        Commands(html, batch);
        Figures(html, batch);
        html.Heading("Jobs", BatchSum.CountedOf([.. batch.Jobs.Select(one => one.Job)]));
        Squares.Write(html, table.Batch.Jobs.Select(one => one.Job.State), $"{batch.Jobs.Length} jobs in the order of the table, each in the colour of its state");
        table.Write(html, (page - 1) * RowsOfAPage, RowsOfAPage);
        if (pages > 1)
        {
            html.Raw("<nav class=\"pages\" aria-label=\"Pages of jobs\">");
            for (var at = 1; at <= pages; at++)
            {
                html.Open("a", ("href", table.Address(by, descending, at)), ("aria-current", at == page ? "page" : null), ("aria-label", $"jobs, page {at} of {pages}")).Text($"{at}").Raw("</a>");
            }

            html.Raw("</nav>");
        }
    }

    private string About(BatchDetails batch) =>
        $"Batch {id}, submitted {When(batch.SubmittedAt)} by {batch.Owner}"
            + (batch.EndedAt is { } ended ? $", ended {When(ended)}" : "")
            + (batch.MaxParallel is { } most ? $"; {most} run at one time" : "")
            + (batch.FailFast ? "; one failure ends all" : "");

    private void Commands(Html html, BatchDetails batch)
    {
        if (batch.EndedAt is not null || !Buttons.IsOperator)
        {
            return;
        }

        html.Raw("<div class=\"commands\">");
        Buttons.One(html, Addresses.BatchCommand(batch.Id, "pause"), "Pause all");
        Buttons.One(html, Addresses.BatchCommand(batch.Id, "resume"), "Resume the paused");
        if (batch.Budget is { } budget)
        {
            Buttons.Amount(html, Addresses.BatchCommand(batch.Id, "budget"), "budget", "Budget of all together", budget, "Set the budget");
        }

        Buttons.Twice(html, "cancel", Addresses.BatchCommand(batch.Id, "cancel"), "Cancel all…", $"Yes, cancel {Clean.Line(batch.Name, 40)}");
        html.Raw("</div>");
    }

    private void Figures(Html html, BatchDetails batch)
    {
        var jobs = batch.Jobs.Select(one => one.Job).ToList();
        html.Raw("<dl class=\"tiles\">").Tile("Done", $"{jobs.Count(job => job.State == "succeeded")} of {jobs.Count}", $"{jobs.Count(job => !Words.IsEnded(job.State))} have not ended");
        var beyond = batch.BeyondMeter > 0 ? $"; ${Say.Dollars(batch.BeyondMeter)} more by the bills" : "";
        if (batch is { Budget: { } budget, Held: { } held, Free: { } free })
        {
            html.Tile("Spent", "$" + Say.Dollars(batch.Cost), $"of ${Say.Dollars(budget)} for all together{beyond}").Tile("Held", "$" + Say.Dollars(held), "by jobs that have a host").Tile("Free", "$" + Say.Dollars(free), "for those to come", free <= 0 && batch.EndedAt is null ? "bad-tile" : null);
        }
        else
        {
            html.Tile("Spent", "$" + Say.Dollars(batch.Cost), $"each has its own budget, or none{beyond}");
        }

        var due = jobs.Where(job => job.Deadline is not null).ToList();
        var late = due.Count(job => job.State == "deadline-missed" || (!Words.IsEnded(job.State) && (job.MissedBySeconds is not null || job.DoneAt > job.Deadline)));
        html.Tile("Deadline", due.Count == 0 ? "none" : When(due.Min(job => job.Deadline)), late > 0 ? $"{late} of {due.Count} may miss it" : due.Count > 0 ? "nothing is known to miss it" : "", late > 0 ? "bad-tile" : null);
        if (batch.Canary > 0)
        {
            html.Tile("Canary", $"{Math.Min(batch.Proven, batch.Canary)} of {batch.Canary}", batch.Proven >= batch.Canary ? "it works: the rest may begin" : "the rest waits until it has shown that it works");
        }

        var places = batch.Jobs.Count(one => one.Place is not null);
        html.Tile("In line", $"{places}", places == 0 ? "nobody waits for a turn" : batch.Jobs.MinBy(one => one.Place ?? int.MaxValue)!.Job.Name + " is next").Raw("</dl>");
    }
}
