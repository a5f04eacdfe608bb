using System.Text.Json;
using Orchestrator.Attempts;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>From the kernel's state to what people and scripts read.</summary>
internal static class JobMapper
{
    public static JobDetails Details(JobState state, StoredSpec stored, AgentView? agent, CheckpointAtStep? newest, DateTimeOffset now)
    {
        var current = state.Attempts.LastOrDefault(attempt => attempt.IsLive());
        var progress = Progress(state, agent);
        return new JobDetails
        {
            Id = state.Id.Value,
            Name = state.Name,
            State = Kebab(state.Phase),
            Reason = state.PhaseReason,
            Phase = current is null ? null : Kebab(current.Phase),
            SubmittedAt = state.SubmittedAt,
            Since = state.PhaseSince,
            Progress = progress,
            DoneAt = DoneAt(state, progress, now),
            Where = current is null ? null : Where(current),
            PricePerHour = current?.Offer.PricePerHour.Dollars,
            Cost = state.SpentAt(now).Dollars,
            Budget = state.Terms.MaxTotal?.Dollars,
            LastCheckpoint = newest,
            Interruptions = state.Interruptions,
            ResumedAtStep = state.Attempts.LastOrDefault(attempt => attempt.RestoreFrom is not null)?.RestoreFrom?.Step,
            InstancesLeft = state.Attempts.Count(attempt => attempt.IsLive() && attempt.InstanceId is not null) + state.Attempts.Sum(attempt => attempt.Extras.Length),
            ExitCode = state.Attempts.LastOrDefault(attempt => attempt.ExitCode is not null)?.ExitCode,
            Image = stored.Spec.Image,
            Code = stored.Spec.Code?.Folder ?? stored.Spec.Code?.Git,
            Attempts = [.. state.Attempts.Select(attempt => Attempt(attempt, attempt == current ? agent : null, now))],
        };
    }

    public static JobSummary Summary(JobDetails job) => new()
    {
        Id = job.Id,
        Name = job.Name,
        State = job.State,
        Reason = job.Reason,
        Phase = job.Phase,
        SubmittedAt = job.SubmittedAt,
        Since = job.Since,
        Progress = job.Progress,
        DoneAt = job.DoneAt,
        Where = job.Where,
        PricePerHour = job.PricePerHour,
        Cost = job.Cost,
        Budget = job.Budget,
        LastCheckpoint = job.LastCheckpoint,
        Interruptions = job.Interruptions,
    };

    /// <summary><c>DeadlineMissed</c> → <c>deadline-missed</c>.</summary>
    public static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static AttemptDetails Attempt(Attempt attempt, AgentView? agent, DateTimeOffset now) => new()
    {
        Number = attempt.Number,
        Phase = Kebab(attempt.Phase),
        Provider = attempt.Offer.Provider,
        InstanceId = attempt.InstanceId,
        Host = attempt.Offer.Host,
        Gpu = attempt.Offer.Gpu,
        GpuCount = attempt.Offer.GpuCount,
        Capacity = Kebab(attempt.Offer.Capacity),
        PricePerHour = attempt.Offer.PricePerHour.Dollars,
        From = attempt.PlannedAt,
        To = attempt.EndedAt,
        TrainingFrom = attempt.TrainingStartedAt,
        Steps = attempt.LastStep ?? agent?.Step,
        ResumedFromStep = attempt.RestoreFrom?.Step,
        Cost = attempt.CostAt(now).Dollars,
        EndReason = attempt.Reason == EndReason.None ? null : Kebab(attempt.Reason),
        Why = attempt.Why,
        Interruption = attempt.Reason.IsInterruption(),
        ExitCode = attempt.ExitCode,
        Wiped = attempt.Wiped,
    };

    private static string Where(Attempt attempt)
    {
        var what = attempt.Offer.Gpu is { } gpu ? $"{attempt.Offer.GpuCount} x {gpu}" : $"{attempt.Offer.Cpus} CPU";
        return $"{attempt.Offer.Host ?? attempt.Offer.Provider} {what}";
    }

    private static StepProgress? Progress(JobState state, AgentView? agent)
    {
        var attempt = state.Attempts.LastOrDefault(one => one.TrainingStartedAt is not null);
        if ((agent?.Step ?? state.Attempts.LastOrDefault(one => one.LastStep is not null)?.LastStep) is not { } step)
        {
            return null;
        }

        double? speed = null;
        if (attempt is { TrainingStartedAt: { } from } && agent is { Step: { } now, ProgressAt: { } at })
        {
            var done = now - (attempt.RestoreFrom?.Step ?? 0);
            speed = done > 0 && at > from ? (at - from).TotalSeconds / done : null;
        }

        return new StepProgress(step, agent?.TotalSteps, agent?.ProgressAt, speed);
    }

    private static DateTimeOffset? DoneAt(JobState state, StepProgress? progress, DateTimeOffset now) =>
        state.Phase.IsTerminal() ? state.PhaseSince
        : progress is { Total: { } total, SecondsPerStep: { } speed, At: { } at } && total >= progress.Step && state.Current()?.TrainingStartedAt is not null
            ? Later(at + TimeSpan.FromSeconds(Math.Min((total - progress.Step) * speed, TimeSpan.FromDays(3650).TotalSeconds)), now)
            : null;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
