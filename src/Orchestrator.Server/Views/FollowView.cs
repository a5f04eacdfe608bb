using Orchestrator.Jobs;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>
/// What <c>run</c> says while it follows a job: a line for each new phase and, without a terminal, one for each 5 percent. Fed
/// with every state it sees; remembers what it has said.
/// </summary>
public sealed class FollowView(Paint paint, TimeZoneInfo zone)
{
    private const int StepPercent = 5;

    /// <summary>Not cut below that: a reason that is cut off explains nothing. A terminal breaks the line.</summary>
    private const int Longest = 1_000;

    private (string State, int Attempt, string? Phase, string Why) _said = ("", 0, null, "");
    private int _percent = -StepPercent;

    /// <summary>Of a server on the machine where a person sits: a laptop is closed one day.</summary>
    public static string WhileThisMachineSleeps =>
        $"The server runs on this machine. While it sleeps, other hosts train on and save, and a rented host that hears nothing for {(int)ReliabilityPolicy.LongestHostLease.TotalHours} h ends itself; jobs on this machine stop with it.";

    /// <summary>Lines that stay.</summary>
    public IEnumerable<string> News(JobDetails job, bool withProgress)
    {
        var attempt = job.Attempts.Length > 0 ? job.Attempts[^1] : null;
        var now = (job.State, attempt?.Number ?? 0, job.Kept is null ? attempt?.Phase : "kept", job.State == "active" ? "" : Gist(job.Reason));
        if (now != _said)
        {
            if (attempt is not null && attempt.Number != _said.Attempt && job.Attempts.Length > 1 && job.Attempts[^2] is { EndReason: not null } lost)
            {
                yield return paint.Warn("! attempt " + lost.Number) + Clean.Line($" ended: {(lost.Why.Length > 0 ? lost.Why : lost.EndReason)}", Longest);
                // Progress begins again below where the lost attempt was: say so from there.
                _percent = -StepPercent;
            }

            _said = now;
            if (Phase(job, attempt) is { } line)
            {
                yield return line;
            }
        }

        if (withProgress && Percent(job) is { } percent && percent / StepPercent > _percent / StepPercent && job.Phase == "running")
        {
            _percent = percent;
            yield return Progress(job, DateTimeOffset.MinValue, 0);
        }
    }

    /// <summary>The line that is overwritten on a terminal; cut to <paramref name="width"/> (0 = as long as it is).</summary>
    public string Progress(JobDetails job, DateTimeOffset now, int width)
    {
        if (job.Progress is not { } at)
        {
            return "";
        }

        var share = Say.Share(at.Step, at.Total);
        var text = $"  step {Say.Count(at.Step)}{(at.Total is { } total ? "/" + Say.Count(total) : "")}"
            + (share is { } part ? $"  {(width > 0 ? Say.Bar(part, width >= 100 ? 22 : 10) + "  " : "")}{Say.Percent(part)}" : "")
            + (at.SecondsPerStep is { } pace ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  {pace:0.##} s/it") : "")
            + (job.DoneAt is { } done ? $"  done {Say.Clock(done, zone)[..5]}" : "")
            + $"  ${Say.Dollars(job.Cost)}{(job.Budget is { } budget ? $" of ${Say.Dollars(budget)}" : "")}"
            + (job.LastCheckpoint is { } saved ? $"  saved{(saved.Step is { } step ? $" step {Say.Count(step)}" : "")}{(width > 0 ? $" {Say.For(now - saved.At)} ago" : "")}" : "  nothing saved yet");
        return width > 0 ? Clean.Line(text, width - 1) : text;
    }

    public IEnumerable<string> End(JobDetails job)
    {
        var word = paint.State(StateWords.Of(job), job.State);
        yield return $"{word}: {Clean.Line(job.Name, 64)} #{job.Id}"
            + (job.Progress is { } at ? $", step {Say.Count(at.Step)}{(at.Total is { } total ? " of " + Say.Count(total) : "")}" : "")
            + $", {job.Interruptions} interruption{(job.Interruptions == 1 ? "" : "s")}"
            + (job.ResumedAtStep is { } resumed ? $", resumed at step {Say.Count(resumed)}" : "")
            + $", cost ${Say.Dollars(job.Cost)}";
        if (job.State != "succeeded" && job.Reason.Length > 0)
        {
            yield return Clean.Line("  " + job.Reason, Longest);
        }
    }

    private static int? Percent(JobDetails job) => job.Progress is { } at && Say.Share(at.Step, at.Total) is { } share ? (int)(share * 100) : null;

    /// <summary>A reason without its counts: how many offers fail for what changes with every look at the market, and is no news.</summary>
    private static string Gist(string reason) => string.Join(' ', reason.Split(' ').Where(word => !word.All(letter => char.IsAsciiDigit(letter) || letter == ',')));

    private string? Phase(JobDetails job, AttemptDetails? attempt)
    {
        if (job.State != "active" || attempt is null)
        {
            // The end has a line of its own, with its reason.
            return Words.IsEnded(job.State) || job.State == "paused" || job.State.Length == 0 ? null : Clean.Line($"{StateWords.Of(job)}  {job.Reason}", Longest);
        }

        var where = $"{attempt.Provider} {attempt.InstanceId ?? ""}".Trim();
        if (job.Kept is { } kept)
        {
            return Clean.Line($"kept      {where} until {Say.Clock(kept.Until, zone)[..5]}, since the job failed: {job.Reason}; look: orchestrator ssh {job.Id}, sooner done: orchestrator cancel {job.Id}", Longest);
        }

        return Clean.Line(
            attempt.Phase switch
            {
                "planned" => $"planned   attempt {attempt.Number} on {attempt.Provider}{(attempt.Gpu is null ? "" : " " + attempt.Gpu)} at ${attempt.PricePerHour:0.000}/h",
                "staging" => $"staging   {where}" + (attempt.ResumedFromStep is { } step ? $", restoring step {Say.Count(step)}" : ""),
                "running" => $"running   {where}" + (attempt.ResumedFromStep is { } from ? $", resumed at step {Say.Count(from)}" : ""),
                var phase => $"{phase,-9} {where}",
            },
            200);
    }
}
