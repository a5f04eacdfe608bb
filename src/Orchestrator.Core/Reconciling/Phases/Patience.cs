using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// A job with a deadline has time to spare until its latest start. Where the market asks clearly more than usual, it waits with
/// part of that time; the rest stays for rides that are interrupted.
/// </summary>
internal static class Patience
{
    /// <summary>Why it waits now; null = it does not.</summary>
    public static string? Waits(DecisionContext c) =>
        c.Observation.Plan?.Usually is { } usual && Until(c.State, c.Policies) is { } until && c.Now < until
            ? FormattableString.Invariant($"{usual.Gpu ?? "hosts without a GPU"} cost more than usual ({(usual.Capacity == CapacityType.Interruptible ? "interruptible" : "on demand")}), and the deadline leaves time: it waits until {until.ToUniversalTime():yyyy-MM-dd HH:mm} UTC at the latest (schedule.start-below sets another price)")
            : null;

    /// <summary>Null = it never waits.</summary>
    public static DateTimeOffset? Until(JobState state, Policies policies) =>
        state is { Terms.StartBelow: null, Net.LatestStart: { } latest } ? Until(Ready(state), latest, policies) : null;

    /// <param name="ready">When it could have begun.</param>
    /// <param name="latest">Its latest start.</param>
    /// <param name="policies">In force now.</param>
    public static DateTimeOffset Until(DateTimeOffset ready, DateTimeOffset latest, Policies policies) =>
        latest <= ready ? ready : ready + ((latest - ready) * policies.PatienceShare);

    /// <summary>Launches that came to nothing give no new time to wait.</summary>
    private static DateTimeOffset Ready(JobState state)
    {
        var first = state.Terms.NotBefore is { } later && later > state.SubmittedAt ? later : state.SubmittedAt;
        return state.Attempts.LastOrDefault(attempt => attempt is { TrainingStartedAt: not null, EndedAt: not null })?.EndedAt ?? first;
    }
}
