using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Rehearsals;

/// <summary>The job that rehearses another one: the same work, at once, for no more than the money that was named.</summary>
internal static class RehearsalSpec
{
    private const string Before = "rehearsal-of-";
    private const int LongestName = 63;

    /// <summary>Where the plan decides when a checkpoint is asked for, waiting for it would only cost.</summary>
    private static readonly TimeSpan _askEvery = TimeSpan.FromMinutes(2);

    /// <summary>Its checkpoints and outputs lie under this name: the job's own are never touched.</summary>
    public static string NameOf(string job) => (Before + job) is { Length: > LongestName } name ? name[..LongestName].TrimEnd('-') : Before + job;

    public static RehearsedSpec Mark(JobSpec spec) => new(spec.Name, spec.Budget.MaxTotal ?? spec.Batch?.Budget, spec.Deadline?.At);

    /// <summary>Why the job cannot be rehearsed; null = it can.</summary>
    public static Problem? Refusal(JobSpec spec) => spec switch
    {
        { Checkpoints: null } => JobService.Error("checkpoints", "there is nothing to rehearse: the job saves no checkpoints", "a loss of its host begins it anew; give it checkpoints, or run it as it is"),
        // The kill leaves no time for the wipe that the spec demands.
        { Sensitive: true } => JobService.Error("sensitive", "a rehearsal kills its host without a wipe, and the job is sensitive", "rehearse a copy of it with other data and without sensitive"),
        _ => null,
    };

    /// <param name="spec">What is rehearsed; it has checkpoints.</param>
    /// <param name="max">Most it may cost.</param>
    public static JobSpec Of(JobSpec spec, Money max)
    {
        var saves = spec.Checkpoints!;
        return spec with
        {
            Name = NameOf(spec.Name),
            // An end at the budget, not a pause: nobody will resume it.
            Budget = spec.Budget with { MaxTotal = max, OnExhausted = BudgetExhausted.Stop, Alerts = [] },
            Deadline = null,
            Schedule = null,
            Batch = null,
            MaxRuntime = null,
            Checkpoints = saves with
            {
                Keep = Math.Max(2, saves.Keep),
                Every = saves.Every.Kind == RhythmKind.Auto && saves.Request is not null ? new() { Kind = RhythmKind.Fixed, Interval = _askEvery } : saves.Every,
                AfterSuccess = AfterSuccess.Delete,
            },
            // To the job's own place: nothing that a rehearsal makes is delivered there.
            Outputs = [.. spec.Outputs.Select(output => output with { To = null, Every = null })],
            // Its own kill is an interruption.
            Reliability = spec.Reliability with { GiveUpAfter = null },
            // The first failure is what it is to find.
            OnFailure = spec.OnFailure with { Restarts = 0, KeepHost = TimeSpan.Zero },
            Notify = null,
        };
    }
}
