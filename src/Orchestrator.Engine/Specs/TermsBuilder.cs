using System.Collections.Immutable;
using Orchestrator.Batches;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>The part of a spec that the kernel decides by.</summary>
public static class TermsBuilder
{
    private static readonly TimeSpan _defaultGrace = TimeSpan.FromSeconds(60);

    /// <param name="spec">Read without errors.</param>
    /// <param name="now">When it is submitted: hours of the day are resolved from here on.</param>
    public static JobTerms Build(JobSpec spec, DateTimeOffset now) => new()
    {
        // What a job holds of a shared budget it takes when it begins.
        MaxTotal = spec.Batch?.Budget is null ? spec.Budget.MaxTotal : Money.Zero,
        Batch = spec.Batch is { } batch ? new BatchTerms(batch.Name, batch.Budget is not null, batch.Budget is null ? null : spec.Budget.MaxTotal) { ReusesHosts = batch.ReuseHosts && !spec.Sensitive } : null,
        Priority = spec.Priority,
        MaxHourly = spec.Budget.MaxHourly,
        OnExhausted = spec.Budget.OnExhausted,
        MaxRuntime = spec.MaxRuntime,
        Stall = spec.Progress.Format == ProgressFormat.None ? null : spec.Timeouts.Stall,
        StallFromStart = spec.Progress.Format is not (ProgressFormat.Auto or ProgressFormat.None) || spec.Progress.File is not null,
        StopWhen = StopCondition.Parse(spec.Progress.StopWhen),
        HasImage = spec.Image is not null,
        Boot = spec.Timeouts.Boot,
        Stage = spec.Timeouts.Stage,
        Setup = spec.Setup is null ? null : spec.Timeouts.Setup,
        Restarts = spec.OnFailure.Restarts,
        RestartOn = spec.OnFailure.RestartOn,
        LogRules = spec.OnFailure.LogRules,
        KeepHost = spec.OnFailure.KeepHost > TimeSpan.Zero ? new HostKeep(spec.OnFailure.KeepHost, spec.OnFailure.KeepHostCost) : null,
        GiveUpAfter = spec.Reliability.GiveUpAfter,
        HasCheckpoints = spec.Checkpoints is not null,
        Keep = Math.Max(1, spec.Checkpoints?.Keep ?? 1),
        AfterSuccess = spec.Checkpoints?.AfterSuccess ?? AfterSuccess.Keep,
        CanRequestCheckpoint = spec.Checkpoints?.Request is not null,
        DrainGrace = spec.Checkpoints?.OnDrain.Grace ?? _defaultGrace,
        Deadline = spec.Deadline?.At,
        OnDeadlineMiss = spec.Deadline?.OnMiss ?? DeadlineMiss.Continue,
        NotBefore = spec.Schedule?.At,
        StartWindows = Windows(spec.Schedule?.StartWindow, spec.Schedule, now),
        RunWindows = Windows(spec.Schedule?.RunWindow, spec.Schedule, now),
        StartBelow = spec.Schedule?.StartBelow,
    };

    private static ImmutableArray<TimeWindow> Windows(ClockWindow? hours, ScheduleSpec? schedule, DateTimeOffset now) =>
        hours is null ? [] : DailyWindows.Resolve(
            hours,
            Calendar.Zone(schedule!.Zone) ?? throw new InvalidOperationException($"the zone {schedule.Zone} was not checked"),
            schedule.At is { } at && at > now ? at : now);
}
