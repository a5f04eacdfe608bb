using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Messages;

/// <summary>Forty jobs that were submitted as one are told of as one: the first failure of a day, what waits for a person once a day, and the end of all.</summary>
public static class BatchMessages
{
    private const int MostNamed = 5;

    /// <summary>What is told of one of its jobs, in the name of all; null = that is told when all have ended.</summary>
    /// <param name="message">As it would be told of a job alone.</param>
    /// <param name="job">The job.</param>
    public static NewMessage? Of(NewMessage message, JobDetail job)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(job);
        var batch = job.Job.Batch!;
        return message.Topic is NotifyTopics.Start or NotifyTopics.Finish ? null : message with
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"batch {batch.Id} {message.Topic} {job.Now:yyyy-MM-dd}"),
            Text = $"{Cell(batch)}{message.Text}\nwhole batch: orchestrator batch {MessageWords.Line(batch.Name, 80)}",
        };
    }

    /// <summary>Its last job has ended.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="jobs">All its jobs.</param>
    /// <param name="notify">What its spec says.</param>
    public static NewMessage Ended(long id, ImmutableArray<JobSummary> jobs, NotifySpec? notify)
    {
        var batch = jobs[0].Batch!;
        // Of a job that was retried its last try is told; what all of them cost is the batch's.
        ImmutableArray<JobSummary> last = [.. jobs.Where(job => !jobs.Any(other => other.RetryOf == job.Id))];
        var again = jobs.Count(job => job.RetryOf is not null);
        var done = last.Count(job => job.Phase == JobPhase.Succeeded);
        var failed = last.Where(job => job.Phase is JobPhase.Failed or JobPhase.DeadlineMissed).ToList();
        List<string> lines = [Counted(last) + " \u00b7 " + Money(jobs, batch)];
        if (Best(jobs) is { } best)
        {
            lines.Add(best);
        }

        lines.AddRange(failed.Take(MostNamed).Select(job => $"failed: {Name(job)}: {MessageWords.Line(job.Reason, 120)}"));
        if (failed.Count > MostNamed)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {failed.Count - MostNamed} more"));
        }

        lines.Add($"orchestrator batch {MessageWords.Line(batch.Name, 80)}");
        return new(
            string.Create(CultureInfo.InvariantCulture, $"batch {id} ended{(again == 0 ? "" : $" again {again}")}"), failed.Count == 0 ? NotifyTopics.Finish : NotifyTopics.Fail,
            string.Create(CultureInfo.InvariantCulture, $"{MessageWords.Line(batch.Name, 80)} has ended: {done} of {last.Length} done"), string.Join('\n', lines)) { Notify = notify };
    }

    private static string Counted(ImmutableArray<JobSummary> jobs) => string.Join(", ", jobs.GroupBy(job => job.Phase).OrderBy(group => group.Key)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {(group.Key == JobPhase.Succeeded ? "done" : group.Key == JobPhase.DeadlineMissed ? "missed the deadline" : group.Key.ToString().ToLowerInvariant())}")));

    private static string Money(ImmutableArray<JobSummary> jobs, BatchPart batch)
    {
        var cost = jobs.Aggregate(default(Money), (sum, job) => sum + job.Cost);
        return batch.Budget is { } budget ? $"{cost} of {budget}" : $"{cost}";
    }

    /// <summary>By the first figure that those which are done report; less is taken for better, and it is said that it is.</summary>
    private static string? Best(ImmutableArray<JobSummary> jobs)
    {
        var done = jobs.Where(job => job.Phase == JobPhase.Succeeded && job.Progress is { Metrics.IsEmpty: false }).ToList();
        return done.SelectMany(job => job.Progress!.Metrics.Keys).Order(StringComparer.Ordinal).FirstOrDefault() is { } metric
            && done.Where(job => job.Progress!.Metrics.TryGetValue(metric, out var value) && double.IsFinite(value)).MinBy(job => job.Progress!.Metrics[metric]) is { } best
            ? string.Create(CultureInfo.InvariantCulture, $"least {MessageWords.Line(metric, 30)}: {best.Progress!.Metrics[metric]:G5} by {Name(best)}")
            : null;
    }

    private static string Name(JobSummary job) => $"{MessageWords.Line(job.Name, 80)}{(job.Batch?.Cell is { } cell ? $" ({MessageWords.Line(cell, 120)})" : "")}";

    private static string Cell(BatchPart batch) => batch.Cell is { } cell ? MessageWords.Line(cell, 120) + "\n" : "";
}
