using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>One job: progress and loss, money, attempts, why each host, timeline, checkpoints, the end of its log.</summary>
internal sealed class JobPage(string id) : OwnPage("Job", Addresses.Jobs)
{
    private const int LogLines = 50;
    private const int LogBytes = 16 * 1024;
    private const int EventsRead = 500;
    private const int NewestEvents = 12;
    private const int MostEvents = 100;
    private const int NewestCheckpoints = 20;

    protected override long? Job => long.Parse(id, CultureInfo.InvariantCulture);

    protected override void Body(Html html)
    {
        var reader = Service<IJobReader>();
        if (Read(cancellation => reader.FindAsync(id, cancellation)) is not { } job)
        {
            html.Raw("<h1>There is no such job</h1>");
            return;
        }

        var timeline = Read(cancellation => reader.NewestAsync(job.Id, EventsRead, cancellation));
        html.Raw("<h1>").Text(Clean.Line(job.Name, 64) + " #" + id).Raw(" ").State(job.State, StateWords.Of(job)).Raw("</h1>");
        if (job.Reason.Length > 0)
        {
            html.Element("p", job.Reason, "lead");
        }

        foreach (var trouble in job.Troubles)
        {
            html.Element("p", trouble, "bad");
        }

        if (job.Batch is { } of)
        {
            html.Raw("<p>Job ").Text(Say.Count(of.Number)).Raw(" of batch ").Link(Addresses.Batch(of.Id), Clean.Line(of.Name, 64)).Raw("</p>");
        }

        Commands(html, job);
        Figures(html, job);
        foreach (var chart in JobCharts.Of(job, Read(cancellation => Service<IPageDesk>().CurveAsync(job.Id, cancellation)), Now))
        {
            html.Chart(chart);
        }

        Attempts(html, job, timeline);
        Money(html, Read(cancellation => Service<ICostDesk>().AskAsync(job.Id, null, cancellation)));
        if (job.Attempts.Length > 0)
        {
            Log(html, job.Attempts[^1].Number, Read(cancellation => reader.LogAsync(job.Id, job.Attempts[^1].Number, -LogBytes, LogBytes, cancellation)));
        }

        Checkpoints(html, job, Read(cancellation => reader.CheckpointsAsync(job.Id, cancellation)));
        Timeline(html, timeline);
    }

    private void Figures(Html html, JobDetails job)
    {
        if (job.Progress is { } at && Say.Share(at.Step, at.Total) is { } share)
        {
            html.Bar(share, Bits.Steps(job));
        }

        html.Raw("<dl class=\"tiles\">")
            .Tile("Progress", job.Progress is { } now ? Say.Share(now.Step, now.Total) is { } part ? Say.Percent(part) : "step " + Say.Count(now.Step) : "-", Bits.Steps(job))
            .Tile(Words.IsEnded(job.State) ? "Ended" : "Done at", When(job.DoneAt), job.Deadline is { } due ? "due " + DeadlineWords.Of(job, due, Now, TimeZoneInfo.Local) : "no deadline")
            .Tile("Spent", "$" + Say.Dollars(job.Cost), (job.Budget is { } budget ? $"of ${Say.Dollars(budget)}" : "no limit") + (job.PricePerHour is { } price ? $", now {Bits.PerHour(price)}" : ""))
            .Tile("Saved", Bits.Saved(job, Now), job.LastCheckpoint is { Step: { } step } ? $"step {Say.Count(step)}" : "")
            .Raw("</dl><dl class=\"facts\">")
            .Fact("Interruptions", $"{job.Interruptions}" + (job.ResumedAtStep is { } resumed ? $", last resumed at step {Say.Count(resumed)}" : ""));
        if (job.Lease is { } lease)
        {
            html.Fact("If this server vanishes", LeaseWords.Of(lease));
        }

        if (ShowView.Unsettled(job) is { Length: > 0 } unsettled)
        {
            html.Fact("Not settled", unsettled.Trim(' ', '·'));
        }

        html.Raw("</dl>");
    }

    private void Commands(Html html, JobDetails job)
    {
        if (Words.IsEnded(job.State) || !Buttons.IsOperator)
        {
            return;
        }

        html.Raw("<div class=\"commands\">");
        if (job.State != "paused")
        {
            Buttons.One(html, Addresses.Command(job.Id, "pause"), "Pause");
        }
        else if (job.BudgetToGoOn is { } enough)
        {
            // As it is, it would stop again at once.
            Buttons.Amount(html, Addresses.Command(job.Id, "resume"), "budget", "Its budget stops it. Raise it to", enough, "Raise it and resume");
        }
        else if (job.Batch is { Budget: not null } batch && BudgetPause.Is(job))
        {
            html.Link(Addresses.Batch(batch.Id), $"Raise the budget of batch {Clean.Line(batch.Name, 40)}", "button");
        }
        else
        {
            Buttons.One(html, Addresses.Command(job.Id, "resume"), "Resume");
        }

        Buttons.One(html, Addresses.Command(job.Id, "save"), "Save now");
        Buttons.Twice(html, "cancel", Addresses.Command(job.Id, "cancel"), "Cancel…", $"Yes, cancel {Clean.Line(job.Name, 40)}");
        html.Raw("</div>");
    }

    private void Attempts(Html html, JobDetails job, ImmutableArray<TimelineEntry> timeline)
    {
        if (job.Attempts.IsEmpty)
        {
            return;
        }

        html.Heading("Attempts");
        var table = new Table(html, "Attempts, the first on top", "Attempt", "Host", "From", "To", "Steps", "#Cost", "Phase, or ended because");
        foreach (var attempt in job.Attempts)
        {
            table.Row(
                $"{attempt.Number}", $"{attempt.Provider} {attempt.Host ?? attempt.InstanceId} {attempt.Gpu}{Say.Warm(attempt)}", When(attempt.From), attempt.To is null ? "now" : When(attempt.To),
                attempt.Steps is { } last ? $"{Say.Count(attempt.ResumedFromStep ?? 0)} → {Say.Count(last)}" : "-", "$" + Say.Dollars(attempt.Cost),
                attempt.EndReason is null ? Say.Phase(attempt) : $"{attempt.EndReason}: {attempt.Why}");
        }

        table.End();
        html.Open("details", ("id", "why")).Raw("<summary>Why this host?</summary><dl class=\"facts\">");
        foreach (var planned in timeline.Where(entry => entry.Kind == "attempt-planned"))
        {
            html.Fact($"Attempt {planned.Attempt}", planned.Why);
        }

        html.Raw("</dl></details>");
    }

    private static void Money(Html html, CostReply cost)
    {
        if (cost.Jobs.IsEmpty)
        {
            return;
        }

        html.Heading("What it cost");
        CostTables.Parts(html, "Where this job's money went", [("This job", null, cost.Total)]);
    }

    private static void Log(Html html, int attempt, LogSlice slice)
    {
        html.Heading($"End of the log of attempt {attempt}").Raw("<pre id=\"log\" class=\"log\" tabindex=\"0\" aria-label=\"Log\">")
            .Lines(Encoding.UTF8.GetString(slice.Bytes.Span).Split('\n').TakeLast(LogLines + 1).Select(line => Clean.LogLine(line, keepColours: false))).Raw("</pre>");
    }

    private void Checkpoints(Html html, JobDetails job, ImmutableArray<CheckpointView> checkpoints)
    {
        var kept = checkpoints.Where(one => one.State is not ("deleted" or "retired" or "rejected")).ToImmutableArray();
        var gone = checkpoints.Length - kept.Length;
        html.Heading("Checkpoints", checkpoints.IsEmpty ? "None yet." : gone > 0 ? $"{gone} older one{(gone == 1 ? " is" : "s are")} no longer kept." : null);
        if (kept.IsEmpty)
        {
            return;
        }

        var table = new Table(html, "Checkpoints in the store, the newest on top", "Entry", "#Step", "#Size", "At", "State", "Attempt", "Files");
        foreach (var one in kept.Reverse().Take(NewestCheckpoints))
        {
            table.Row(
                one.Entry, one.Step is { } step ? Say.Count(step) : "-", Say.Size(one.Bytes), When(one.At), one.State, $"{one.Attempt}",
                one.State == "committed" ? Cell.Of(cell => cell.Link(Addresses.Checkpoint(job.Id, one.Number), $"Download number {one.Number}")) : "-");
        }

        table.End();
    }

    private void Timeline(Html html, ImmutableArray<TimelineEntry> timeline)
    {
        var told = Views.Timeline.Told(timeline).Reverse().Take(MostEvents).ToList();
        html.Heading("Timeline");
        Events(html, told.Take(NewestEvents));
        if (told.Count > NewestEvents)
        {
            html.Open("details", ("id", "earlier")).Element("summary", $"{told.Count - NewestEvents} earlier");
            Events(html, told.Skip(NewestEvents));
            html.Raw("</details>");
        }

        if (told.Count == MostEvents || timeline is [{ Seq: > 1 }, ..])
        {
            html.Raw("<p class=\"about\">Older ones: <code>").Text($"orchestrator events {id}").Raw("</code></p>");
        }
    }

    private void Events(Html html, IEnumerable<TimelineEntry> entries)
    {
        html.Raw("<ol class=\"timeline\">");
        foreach (var entry in entries)
        {
            html.Raw("<li>").Element("time", Say.Moment(entry.At, Now, TimeZoneInfo.Local)).Element("span", entry.Attempt is { } number ? $"attempt {number}" : "", "about").Element("p", entry.Why).Raw("</li>");
        }

        html.Raw("</ol>");
    }
}
