using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Messages;

/// <summary>What is told of a job: enough facts that nobody has to open anything.</summary>
public static class JobMessages
{
    /// <summary>Lines of the log that a failure is told with.</summary>
    public const int LogLines = 15;

    /// <returns>Null: nobody is told, since a person did it.</returns>
    /// <param name="news">What happened.</param>
    /// <param name="job">The job as it is now.</param>
    /// <param name="notify">What its spec says.</param>
    /// <param name="log">The end of its newest log.</param>
    public static NewMessage? Of(JobNews news, JobDetail job, NotifySpec? notify, string log)
    {
        ArgumentNullException.ThrowIfNull(news);
        ArgumentNullException.ThrowIfNull(job);
        var message = news.Event switch
        {
            JobEnded { Phase: JobPhase.Succeeded } => Told(NotifyTopics.Finish, "is done", Facts(job)),
            HostHeld held => Told(NotifyTopics.Fail, "failed, and its host is kept for you", $"{MessageWords.Line(job.State.Verdict?.Why)}\n{Why(held)}\n{Facts(job)}{Log(log)}\nwhole log: orchestrator logs {Number(job)}"),
            // Told when the look at its host began.
            JobEnded { Phase: JobPhase.Failed } when job.State.Attempts is [.., { Held: not null }] => null,
            JobEnded { Phase: JobPhase.Failed } failed => Told(NotifyTopics.Fail, "failed", $"{Why(failed)}\n{Facts(job)}{Log(log)}\nwhole log: orchestrator logs {Number(job)}"),
            JobEnded { Phase: JobPhase.DeadlineMissed } missed => Told(NotifyTopics.Fail, "missed its deadline", $"{Why(missed)}\n{Facts(job)}"),
            JobPhaseChanged { Phase: JobPhase.Paused } paused => Paused(paused, job),
            AttemptEnded { Reason: EndReason.Stalled } stalled => Told(NotifyTopics.Stuck, "made no progress and is moved", $"{Why(stalled)}\n{Facts(job)}{Stood(job, stalled.Attempt) ?? Log(log)}"),
            TrainingStarted started => Told(NotifyTopics.Start, "trains", $"{Place(job, started.Attempt)}\n{Facts(job)}"),
            _ => null,
        };
        return message is null ? null : message with { Job = news.Job, Notify = notify };

        NewMessage Told(string topic, string what, string text) => new(Key(news), topic, $"{Name(job)} {what}", text.TrimEnd());
        NewMessage? Paused(JobPhaseChanged paused, JobDetail of) => paused.Why switch
        {
            // Whoever paused it knows; for its bill the server did.
            _ when IsByPerson(paused.Why) => null,
            _ when IsForBudget(paused.Why, of.State) => Told(NotifyTopics.Budget, "is paused: its budget is spent", $"{Why(paused)}\n{Facts(of)}"),
            _ => Told(NotifyTopics.Stuck, "is paused and waits for you", $"{Why(paused)}\n{Facts(of)}{Log(log)}\nto go on: {Resume(of)}"),
        };
    }

    /// <summary>It trained, and does not.</summary>
    public static NewMessage Of(JobAway away, JobDetail job, NotifySpec? notify)
    {
        ArgumentNullException.ThrowIfNull(away);
        ArgumentNullException.ThrowIfNull(job);
        return new(
            string.Create(CultureInfo.InvariantCulture, $"job {away.Job.Value} away {away.Attempt}"), NotifyTopics.Interrupted,
            $"{Name(job)} was interrupted {MessageWords.For(job.Now - away.Since)} ago and is not back",
            $"{MessageWords.Line(away.Why)}\nnow: {MessageWords.Line(job.Job.Reason)}\n{Facts(job)}") { Job = away.Job, Notify = notify };
    }

    /// <summary>It is told to nobody, and noted as seen.</summary>
    public static NewMessage Silent(JobNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        return new(Key(news), "", "", "") { Job = news.Job };
    }

    /// <summary>The same of a message that is told in another one.</summary>
    public static NewMessage Silent(NewMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new(message.Key, "", "", "") { Job = message.Job };
    }

    private const string ByAnybody = "paused by ";

    /// <summary>How the server names itself where it pauses a job.</summary>
    private const string ByServer = ByAnybody + "orchestrator, ";

    /// <summary>How the kernel begins what it says of a budget that ends a job.</summary>
    private const string ForBudget = "the budget ";

    /// <summary>Whether the reason of a pause is a person's word.</summary>
    internal static bool IsByPerson(string why) => why.StartsWith(ByAnybody, StringComparison.Ordinal) && !why.StartsWith(ByServer, StringComparison.Ordinal);

    /// <summary>Whether a pause that no person spoke is for a budget.</summary>
    internal static bool IsForBudget(string why, JobState state) =>
        why.StartsWith(ByServer, StringComparison.Ordinal) || why.StartsWith(ForBudget, StringComparison.Ordinal) || state.Attempts is [.., { Reason: EndReason.BudgetExhausted }];

    private static string Key(JobNews news) => string.Create(CultureInfo.InvariantCulture, $"job {news.Job.Value} event {news.Seq}");

    private static string Name(JobDetail job) => $"{MessageWords.Line(job.Job.Name, 80)} {new JobId(job.Job.Id)}";

    private static string Number(JobDetail job) => job.Job.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>What one job of a batch waits for, the others mostly wait for as well.</summary>
    private static string Resume(JobDetail job) => job.Job.Batch is { } batch ? $"orchestrator batch {MessageWords.Line(batch.Name, 80)} --resume" : $"orchestrator resume {Number(job)}";

    private static string Why(JobEvent happened) => MessageWords.Line(happened.Why);

    private static string Log(string log) => MessageWords.LastLines(log, LogLines) is { Length: > 0 } lines ? "\n" + lines : "";

    /// <summary>Where its trainer stood, which says more than its last words; null = nobody has seen it.</summary>
    private static string? Stood(JobDetail job, int attempt) => job.State.Attempts.FirstOrDefault(one => one.Number == attempt)?.Stacks is { } stacks
        ? "\nwhere it stood:\n" + string.Join('\n', stacks.Split('\n').Take(LogLines).Select(line => MessageWords.Line(line)))
        : null;

    private static string Place(JobDetail job, int attempt) => job.State.Attempts.FirstOrDefault(one => one.Number == attempt) is { Offer: var offer }
        ? MessageWords.Line($"on {offer.Provider} {offer.OfferId}{(offer.IsFree ? "" : $" at {offer.PricePerHour}/h")}")
        : "";

    /// <summary>Step, time, money, interruptions and the newest checkpoint, in two lines at most.</summary>
    private static string Facts(JobDetail job)
    {
        var (of, trained) = (job.Job, job.State.Trained(job.Now));
        List<string> facts = [];
        if (of.Progress?.Step is { } step)
        {
            facts.Add(of.Progress.TotalSteps is { } total ? string.Create(CultureInfo.InvariantCulture, $"step {step:#,0} of {total:#,0}") : string.Create(CultureInfo.InvariantCulture, $"step {step:#,0}"));
        }

        facts.AddRange((of.Progress ?? new()).Metrics.Take(3).Select(metric => string.Create(CultureInfo.InvariantCulture, $"{MessageWords.Line(metric.Key, 30)} {metric.Value:0.####}")));
        if (trained > TimeSpan.Zero)
        {
            facts.Add($"trained {MessageWords.For(trained)}");
        }

        facts.Add(of.Batch?.Budget is null && of.MaxTotal is { } most ? $"{of.Cost} of {most}" : $"{of.Cost}");
        if (of.Interruptions > 0)
        {
            facts.Add(of.Interruptions == 1 ? "1 interruption" : string.Create(CultureInfo.InvariantCulture, $"{of.Interruptions} interruptions"));
        }

        var saved = of.LastCheckpoint is { VerifiedAt: { } at } newest
            ? string.Create(CultureInfo.InvariantCulture, $"\nsaved: {(newest.Step is { } saved1 ? $"step {saved1:#,0}" : MessageWords.Line(newest.Entry, 60))}, {MessageWords.For(job.Now - at)} ago")
            : "";
        return string.Join(" · ", facts) + saved;
    }
}
