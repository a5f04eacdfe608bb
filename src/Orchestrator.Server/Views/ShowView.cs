using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>orchestrator show JOB</c>.</summary>
public static class ShowView
{
    private const int NewestEvents = 12;

    public static IEnumerable<string> Lines(JobDetails job, IReadOnlyList<TimelineEntry> timeline, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        // The head may be long; the name is what a person looks for and is never cut for it.
        var name = $"{Clean.Line(job.Name, 64)} #{job.Id}   {StateWords.Of(job)}";
        var lines = new List<string> { paint.Strong(Clean.Line(job.Name, 64)) + $" #{job.Id}   " + paint.State(StateWords.Of(job), job.State) };
        var head = Head(job, now, zone);
        if (head.Length > 0 && name.Length + head.Length < width)
        {
            lines[0] += head;
        }
        else if (head.Length > 0)
        {
            lines.AddRange(Prose.Lines("        ", head, width - 1));
        }

        if (job.Reason.Length > 0)
        {
            lines.AddRange(Prose.Lines("why     ", job.Reason, width - 1));
        }

        if (job.Image is not null || job.Code is not null)
        {
            lines.Add(Clean.Line($"image   {job.Image ?? "-"}   code {job.Code ?? "-"}", width - 1));
        }

        if (job.Work is { } work)
        {
            lines.AddRange(Prose.Lines("work    ", $"{Say.For(TimeSpan.FromSeconds(work.Seconds))} left after {(job.LastCheckpoint is null ? "the start" : "the newest checkpoint")}{(work.On is { } on ? " on " + Clean.Line(on, 60) : "")} · {Clean.Line(work.Source, 300)}", width - 1));
        }

        if (job.Series is { } series)
        {
            lines.Add(Clean.Line($"series  a run of {series.Id}, {(series.Next is { } next ? "next " + Say.When(next, now, zone) : "which was stopped")}", width - 1));
        }

        if (job.Deadline is { } deadline)
        {
            lines.AddRange(Prose.Lines("due     ", DeadlineWords.Of(job, deadline, now, zone), width - 1));
        }

        if (job.Kept is { } kept)
        {
            lines.AddRange(Prose.Lines("kept    ", $"its host, until {Say.When(kept.Until, now, zone)}, ${Say.Dollars(kept.Cost)} so far: orchestrator ssh {job.Id} · sooner done: orchestrator cancel {job.Id}", width - 1));
        }

        lines.AddRange(Prose.Lines("money   ", Money(job, now), width - 1));
        if (job.Lease is { } lease)
        {
            lines.AddRange(Prose.Lines("alone   ", LeaseWords.Of(lease), width - 1));
        }

        lines.AddRange(Prose.Lines("saved   ", Saved(job, now), width - 1));
        lines.AddRange(job.Troubles.SelectMany(trouble => Prose.Lines("trouble ", trouble, width - 1)));
        if (job.Attempts.Length > 0)
        {
            lines.Add("");
            lines.AddRange(Attempts(job, width, paint, now, zone));
        }

        if (timeline.Count > 0)
        {
            lines.Add("");
            lines.AddRange(Timeline.Told(timeline).TakeLast(NewestEvents).SelectMany(entry => Prose.Lines($" {Say.Moment(entry.At, now, zone)}  ", entry.Why, width - 1)));
        }

        return lines;
    }

    private static string Head(JobDetails job, DateTimeOffset now, TimeZoneInfo zone)
    {
        var text = "";
        if (job.Progress is { } at)
        {
            text += Say.Share(at.Step, at.Total) is { } share ? $"   {Say.Percent(share)}   step {Say.Count(at.Step)} of {Say.Count(at.Total!.Value)}" : $"   step {Say.Count(at.Step)}";
            text += at.Metrics.TryGetValue("loss", out var loss) ? string.Create(CultureInfo.InvariantCulture, $"   loss {loss:0.####}") : "";
            text += at.SecondsPerStep is { } pace && !Words.IsEnded(job.State) ? string.Create(CultureInfo.InvariantCulture, $"   {pace:0.##} s/it") : "";
        }

        return text + (job.DoneAt is { } done ? $"   done {Say.When(done, now, zone)}" : "");
    }

    private static string Money(JobDetails job, DateTimeOffset now) =>
        $"${Say.Dollars(job.Cost)}" + (job.Budget is { } budget ? $" of ${Say.Dollars(budget)}" : ", no limit")
        + (Forecast(job, now) is { } forecast ? $" · forecast ${Say.Dollars(forecast)}" : "")
        + (job.PricePerHour is { } price ? string.Create(CultureInfo.InvariantCulture, $" · now ${price:0.000}/h") : "")
        + (Words.IsEnded(job.State) ? $" · {job.InstancesLeft} instances left" : "")
        + Unsettled(job);

    /// <summary>What no figure beside it counts.</summary>
    internal static string Unsettled(JobDetails job) => string.Concat(job.Attempts.Where(attempt => attempt.Unsettled > 0).Select(attempt =>
        $" · not counted: ${Say.Dollars(attempt.Unsettled)} of attempt {attempt.Number}, should {attempt.Host} turn out to hold an instance of it"));

    /// <summary>What it will have cost if it goes on as it does now.</summary>
    private static decimal? Forecast(JobDetails job, DateTimeOffset now) =>
        job.PricePerHour is { } price && job.DoneAt is { } done && !Words.IsEnded(job.State) ? job.Cost + (price * (decimal)Math.Max(0, (done - now).TotalHours)) : null;

    private static string Saved(JobDetails job, DateTimeOffset now) => job.LastCheckpoint is { } saved
        ? $"{(saved.Step is { } step ? $"step {Say.Count(step)}, " : "")}{Say.For(now - saved.At)} ago, {Say.Size(saved.Bytes)} verified, {saved.Entry}{Rhythm(job)}"
        : "no checkpoint yet" + Rhythm(job);

    /// <summary>Where the plan decides how often the trainer is asked.</summary>
    private static string Rhythm(JobDetails job) => job.Attempts.LastOrDefault() is { To: null, SavesEverySeconds: { } every, InterruptedEverySeconds: { } between, UploadSeconds: { } upload }
        ? $" · asked for every {Say.For(TimeSpan.FromSeconds(every))} ({Say.YoungDaly(between)}, upload {Say.For(TimeSpan.FromSeconds(upload))})"
        : "";

    private static IEnumerable<string> Attempts(JobDetails job, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        var table = new TextTable(new("ATTEMPT", 7), new("HOST", 10, CanGo: true), new("FROM", 5, CanGo: true), new("TO", 5, CanGo: true), new("STEPS", 6, CanGo: true), new("COST", 5, IsRight: true), new("ENDED BECAUSE", 14));
        foreach (var attempt in job.Attempts)
        {
            table.Add(
                [
                    attempt.Number.ToString(CultureInfo.InvariantCulture), Host(attempt),
                    Say.When(attempt.From, now, zone), attempt.To is null ? "now" : Say.When(attempt.To, now, zone), Steps(attempt),
                    Say.Dollars(attempt.Cost), Ended(attempt),
                ],
                (column, cell) => column == 6 && attempt.Interruption ? paint.Warn(cell) : cell);
        }

        return table.Lines(width, paint);
    }

    private static string Host(AttemptDetails attempt) =>
        $"{attempt.Provider} {attempt.InstanceId ?? attempt.Host ?? ""}" + (attempt.Gpu is null ? "" : $" {(attempt.GpuCount > 1 ? $"{attempt.GpuCount} x " : "")}{attempt.Gpu}") + Say.Warm(attempt);

    private static string Steps(AttemptDetails attempt) => attempt.Steps is { } last
        ? $"{Say.Count(attempt.ResumedFromStep ?? 0)} -> {Say.Count(last)}"
        : attempt.ResumedFromStep is { } from ? $"{Say.Count(from)} ->" : "-";

    private static string Ended(AttemptDetails attempt) => attempt.EndReason is null ? Say.Phase(attempt) : (attempt.Why.Length > 0 ? attempt.Why : attempt.EndReason) + (attempt.PassedTo is { } heir ? string.Create(CultureInfo.InvariantCulture, $"; its host passed to job #{heir}") : "");
}
