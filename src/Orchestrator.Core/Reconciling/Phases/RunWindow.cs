using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>A job that may run in certain hours only is drained early enough to be stored and wiped by their end.</summary>
internal static class RunWindow
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (!attempt.IsEnding() && attempt.Phase < AttemptPhase.Draining && DrainAt(attempt, c.State, c.Policies) is { } drainAt && c.Now >= drainAt)
        {
            c.End(attempt, EndReason.WindowClosed, FormattableString.Invariant(
                $"the hours in which the job may run end at {drainAt + Reserve(c.State, c.Policies):yyyy-MM-dd HH:mm} UTC; the newest checkpoint is stored before that"));
        }
    }

    /// <summary>Null = it may run at any hour, or its deadline does not let it leave.</summary>
    public static DateTimeOffset? DrainAt(Attempt attempt, JobState state, Policies policies) =>
        !state.Terms.RunWindows.IsEmpty && TimeWindows.At(state.Terms.RunWindows, attempt.PlannedAt, Reserve(state, policies))?.Until is { } until && !(state.Net?.LatestStart <= until)
            ? until
            : null;

    /// <summary>For a host that has only to be wiped: when that has to begin. Null = at no certain hour.</summary>
    public static DateTimeOffset? EndOf(Attempt attempt, JobState state, Policies policies) =>
        state.Terms.RunWindows.IsEmpty ? null : TimeWindows.At(state.Terms.RunWindows, attempt.PlannedAt, policies.Clean)?.Until;

    /// <summary>Time that is kept for leaving.</summary>
    public static TimeSpan Reserve(JobState state, Policies policies) => state.Terms.DrainGrace + policies.RentalFlush + policies.Clean;
}
