using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// A job with a deadline has time to spare until its latest start. Where the market asks clearly more than usual, it waits with
/// part of that time; the rest stays for rides that are interrupted.
/// </summary>
internal static class Patience
{
    /// <summary>What is said of an instant that moves with every look: the timeline is read by people.</summary>
    private static readonly long _said = TimeSpan.FromMinutes(30).Ticks;

    /// <summary>Why it waits now; null = it does not.</summary>
    public static string? Waits(DecisionContext c) =>
        c.Observation.Plan?.Usually is not null && Until(c.State, c.Policies) is { } until && c.Now < until
            ? FormattableString.Invariant($"the market asks more than usual, and the deadline leaves time: it waits for the usual until about {Said(until):yyyy-MM-dd HH:mm} UTC at the latest")
            : null;

    /// <summary>
    /// Null = it never waits: with a price of its own, with hours (the time to spare between them is not what the clock says), or
    /// where it has just left a host for a cheaper one.
    /// </summary>
    public static DateTimeOffset? Until(JobState state, Policies policies) =>
        state is { Terms: { StartBelow: null, StartWindows.IsEmpty: true, RunWindows.IsEmpty: true }, Net.LatestStart: { } latest }
            && state.Attempts is not [.., { Reason: EndReason.CheaperElsewhere }]
            ? Until(Ready(state), latest, policies)
            : null;

    /// <param name="ready">When it could have begun.</param>
    /// <param name="latest">Its latest start.</param>
    /// <param name="policies">In force now.</param>
    public static DateTimeOffset Until(DateTimeOffset ready, DateTimeOffset latest, Policies policies) =>
        latest <= ready ? ready : ready + ((latest - ready) * policies.PatienceShare);

    /// <summary>Launches that came to nothing give no new time to wait.</summary>
    private static DateTimeOffset Ready(JobState state)
    {
        var first = state.Terms.NotBefore is { } later && later > state.SubmittedAt ? later : state.SubmittedAt;
        return state.Attempts.LastOrDefault(attempt => attempt is { TrainingStartedAt: not null, EndingSince: not null })?.EndingSince ?? first;
    }

    private static DateTimeOffset Said(DateTimeOffset at) => new(at.UtcTicks / _said * _said, TimeSpan.Zero);
}
