using System.Collections.Immutable;
using System.Text;
using Orchestrator.Server.Api;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>One job: state, money, attempts, timeline with reasons, checkpoints, the end of its log.</summary>
internal sealed class JobPage(string id) : OwnPage("Job")
{
    private const int LogLines = 50;
    private const int LogBytes = 16 * 1024;
    private const int NewestEvents = 100;

    protected override void Body()
    {
        var reader = Service<IJobReader>();
        if (Read(cancellation => reader.FindAsync(id, cancellation)) is not { } job)
        {
            WriteLiteral("<h1 class=\"page-header\">There is no such job</h1>");
            return;
        }

        WriteLiteral("<h1 class=\"page-header\">");
        Write($"{Clean.Line(job.Name, 64)} #{job.Id} ");
        State(job.State, StateWords.Of(job));
        WriteLiteral("</h1>");
        Summary(job);
        Commands(job);
        Attempts(job);
        Timeline(Read(cancellation => reader.TimelineAsync(job.Id, 0, 5_000, cancellation)));
        Checkpoints(Read(cancellation => reader.CheckpointsAsync(job.Id, cancellation)));
        if (job.Attempts.Length > 0)
        {
            Log(job.Attempts[^1].Number, Read(cancellation => reader.LogAsync(job.Id, job.Attempts[^1].Number, -LogBytes, LogBytes, cancellation)));
        }
    }

    private void Summary(JobDetails job)
    {
        WriteLiteral("<dl class=\"orc-facts\">");
        Fact("Why", job.Reason.Length > 0 ? job.Reason : "-");
        Fact("Progress", job.Progress is { } at ? $"step {Say.Count(at.Step)}" + (at.Total is { } total ? $" of {Say.Count(total)} ({Say.Percent(Say.Share(at.Step, total) ?? 0)})" : "") : "-");
        Fact("Done at", When(job.DoneAt));
        Fact("Money", $"${Say.Dollars(job.Cost)}" + (job.Budget is { } budget ? $" of ${Say.Dollars(budget)}" : ", no limit") + (job.PricePerHour is { } price ? $", now ${price:0.000}/h" : "") + ShowView.Unsettled(job));
        Fact("Saved", job.LastCheckpoint is { } saved ? $"{(saved.Step is { } step ? $"step {Say.Count(step)}, " : "")}{Say.For(Now - saved.At)} ago, {saved.Entry}" : "no checkpoint yet");
        Fact("Interruptions", $"{job.Interruptions}" + (job.ResumedAtStep is { } resumed ? $", resumed at step {Say.Count(resumed)}" : ""));
        WriteLiteral("</dl>");
    }

    private void Fact(string name, string text)
    {
        WriteLiteral("<dt>");
        Write(name);
        WriteLiteral("</dt><dd>");
        Write(Clean.Line(text));
        WriteLiteral("</dd>");
    }

    private void Commands(JobDetails job)
    {
        if (Words.IsEnded(job.State))
        {
            return;
        }

        WriteLiteral("<div class=\"orc-commands\">");
        foreach (var command in (string[])[job.State == "paused" ? "resume" : "pause", "save", "cancel"])
        {
            WriteLiteral($"<form method=\"post\" action=\"/training/{job.Id}/{command}\"><input type=\"hidden\" name=\"__RequestVerificationToken\" value=\"");
            Write(Context.AntiforgeryToken);
            WriteLiteral("\"><button class=\"btn btn-default btn-sm\">");
            Write(command switch { "save" => "Save now", "cancel" => "Cancel the job", "pause" => "Pause", _ => "Resume" });
            WriteLiteral("</button></form>");
        }

        WriteLiteral("</div>");
    }

    private void Attempts(JobDetails job)
    {
        Heading("Attempts");
        Head("Attempt", "Host", "From", "To", "Steps", "Cost", "Phase, or ended because");
        foreach (var attempt in job.Attempts)
        {
            Row(
                $"{attempt.Number}", $"{attempt.Provider} {attempt.InstanceId} {attempt.Gpu}", When(attempt.From), attempt.To is null ? "now" : When(attempt.To),
                attempt.Steps is { } last ? $"{Say.Count(attempt.ResumedFromStep ?? 0)} → {Say.Count(last)}" : "-", "$" + Say.Dollars(attempt.Cost),
                attempt.EndReason is null ? Say.Phase(attempt) : $"{attempt.EndReason}: {attempt.Why}");
        }

        EndTable();
    }

    private void Timeline(ImmutableArray<TimelineEntry> timeline)
    {
        Heading("Timeline");
        Head("Time", "Attempt", "What", "Why");
        foreach (var entry in Views.Timeline.Told(timeline).Reverse().Take(NewestEvents))
        {
            Row(Say.Moment(entry.At, Now, TimeZoneInfo.Local), entry.Attempt is { } number ? $"{number}" : "", entry.Kind, entry.Why);
        }

        EndTable();
    }

    private void Checkpoints(ImmutableArray<CheckpointView> checkpoints)
    {
        Heading("Checkpoints");
        Head("N", "Step", "Size", "At", "State", "Attempt", "Entry");
        foreach (var checkpoint in checkpoints.Reverse())
        {
            Row(
                $"{checkpoint.Number}", checkpoint.Step is { } step ? Say.Count(step) : "-", Say.Size(checkpoint.Bytes), When(checkpoint.At), checkpoint.State,
                $"{checkpoint.Attempt}", checkpoint.Entry);
        }

        EndTable();
    }

    private void Log(int attempt, LogSlice slice)
    {
        Heading($"End of the log of attempt {attempt}");
        WriteLiteral("<pre class=\"orc-log\">");
        var lines = Encoding.UTF8.GetString(slice.Bytes.Span).Split('\n').TakeLast(LogLines + 1).Select(line => Clean.LogLine(line, keepColours: false));
        Write(string.Join('\n', lines));
        WriteLiteral("</pre>");
    }
}
