using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Planning;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Stored = Orchestrator.Engine.Store.Views;

namespace Orchestrator.Server.Desk;

/// <summary>The engine's read models in the API's words.</summary>
internal static class JobViews
{
    private static readonly ImmutableSortedDictionary<string, double> Empty = ImmutableSortedDictionary<string, double>.Empty;

    internal static Api.JobSummary Summary(Stored.JobSummary job)
    {
        var state = Words.Of(job.Phase);
        var live = job.AttemptPhase is { } phase && phase != AttemptPhase.Ended ? job.Offer : null;
        var progress = Progress(job.Progress?.Step, job.Progress?.TotalSteps, job.Progress?.At, job.RestoredStep, job.Progress?.Attempt == job.Attempt ? job.TrainingStartedAt : null, job.Progress?.Metrics, job.Progress?.SecondsPerStep);
        return new()
        {
            Id = job.Id,
            Name = job.Name,
            State = state,
            Reason = job.Reason,
            Phase = job.AttemptPhase is { } at ? Words.Of(at) : null,
            SubmittedAt = job.SubmittedAt,
            Since = job.PhaseSince,
            Progress = progress,
            DoneAt = DoneAt(job, progress),
            Where = live is null ? null : Where(live),
            Kept = job.Hold is { } hold ? new(hold.Since, hold.Until, hold.Cost.Dollars) : null,
            PricePerHour = live is null ? null : job.PricePerHour.Dollars,
            Cost = job.Cost.Dollars,
            // What a job holds of a shared budget says nothing to a person.
            Budget = job.Batch?.Budget is null ? job.MaxTotal?.Dollars : null,
            Batch = job.Batch is { } batch ? new(batch.Id, batch.Name, batch.Number, batch.Cell, batch.Budget?.Dollars) : null,
            LastCheckpoint = Saved(job.LastCheckpoint),
            Interruptions = job.Interruptions,
            AttemptCount = job.Attempt,
            Deadline = job.Deadline,
            MustStartBy = job.Net?.LatestStart,
            MissedBySeconds = job.Net?.MissedBy?.TotalSeconds,
            Labels = job.Labels,
        };
    }

    internal static JobDetails Details(JobDetail job, string? image, string? code, WorkLeft? work)
    {
        return new(Summary(job.Job))
        {
            ResumedAtStep = job.State.Attempts.LastOrDefault(attempt => attempt.RestoreFrom is not null)?.RestoreFrom?.Step,
            InstancesLeft = job.State.Attempts.Sum(attempt => attempt.Extras.Length + (attempt.IsLive() && (attempt.InstanceId is not null || attempt.IsLaunchUnknown()) ? 1 : 0)),
            ExitCode = job.State.Attempts.LastOrDefault(attempt => attempt.ExitCode is not null)?.ExitCode,
            Image = image,
            Code = code,
            Work = work is null ? null : new(work.Time.TotalSeconds, work.Gpu is null ? null : $"{work.GpuCount} x {work.Gpu}", work.Words),
            Attempts = [.. job.Attempts.Select(Attempt)],
        };
    }

    internal static Api.CheckpointView Checkpoint(Stored.CheckpointView checkpoint, int number) => new()
    {
        Number = number,
        Attempt = checkpoint.Attempt,
        Ordinal = checkpoint.Ordinal,
        Entry = checkpoint.Entry,
        Step = checkpoint.Step,
        Bytes = checkpoint.Bytes,
        At = checkpoint.VerifiedAt ?? checkpoint.ReportedAt,
        State = checkpoint.Status switch { "verified" => "committed", "reported" => "unverified", "rejected" => "damaged", var other => other },
        ManifestKey = checkpoint.ManifestKey,
    };

    internal static AttemptDetails Attempt(AttemptView view)
    {
        var attempt = view.Attempt;
        return new()
        {
            Number = attempt.Number,
            Phase = Words.Of(attempt.Phase),
            Activity = attempt.Reason == EndReason.None && view.Activity is { Length: > 0 } now ? now : null,
            Provider = attempt.Offer.Provider,
            InstanceId = attempt.InstanceId,
            Host = attempt.Offer.Host,
            Gpu = attempt.Offer.Gpu,
            GpuCount = attempt.Offer.GpuCount,
            Capacity = Words.Of(attempt.Offer.Capacity),
            PricePerHour = attempt.Offer.PricePerHour.Dollars,
            From = attempt.PlannedAt,
            WarmFrom = attempt.Warm?.Job.Value,
            PassedTo = attempt.PassedTo?.Job.Value,
            To = attempt.EndedAt,
            TrainingFrom = attempt.TrainingStartedAt,
            Steps = Newest(view.Step, attempt.LastStep),
            ResumedFromStep = attempt.RestoreFrom?.Step,
            ResumedFrom = attempt.RestoreFrom?.Entry,
            SavesEverySeconds = attempt.Rhythm?.Every.TotalSeconds,
            InterruptedEverySeconds = attempt.Rhythm?.MeanBetween.TotalSeconds,
            UploadSeconds = attempt.Rhythm?.Upload.TotalSeconds,
            Cost = view.Cost.Dollars,
            Unsettled = view.Unsettled.Dollars,
            EndReason = attempt.Reason == EndReason.None ? null : Words.Of(attempt.Reason),
            Why = attempt.Why,
            Interruption = attempt.Reason.IsInterruption(),
            ExitCode = attempt.ExitCode,
            Wiped = attempt.Wiped,
        };
    }

    private static long? Newest(long? a, long? b) => a is { } left && b is { } right ? Math.Max(left, right) : a ?? b;

    private static StepProgress? Progress(long? step, long? total, DateTimeOffset? at, long? from, DateTimeOffset? trainingFrom, ImmutableSortedDictionary<string, double>? metrics, double? measured) =>
        step is { } now ? new(now, total, at, measured ?? Eta.SecondsPerStep(from ?? 0, trainingFrom, now, at)) { Metrics = metrics ?? Empty } : null;

    private static DateTimeOffset? DoneAt(Stored.JobSummary job, StepProgress? progress) =>
        job.EndedAt ?? (job.AttemptPhase == AttemptPhase.Running && progress is { } at ? Eta.DoneAt(at.SecondsPerStep, at.Step, at.Total, at.At) : null);

    internal static string Where(OfferTaken offer) =>
        (offer.Provider == "local" ? offer.Provider : offer.Host ?? offer.Provider) + (offer.Gpu is null ? $" {offer.Cpus} CPU{(offer.Cpus == 1 ? "" : "s")}" : $" {(offer.GpuCount > 1 ? $"{offer.GpuCount} x " : "")}{offer.Gpu}");

    private static CheckpointAtStep? Saved(Stored.CheckpointView? checkpoint) =>
        checkpoint is null ? null : new(checkpoint.Step, checkpoint.Entry, checkpoint.VerifiedAt ?? checkpoint.ReportedAt, checkpoint.Bytes);
}
