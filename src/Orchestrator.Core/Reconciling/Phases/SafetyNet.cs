using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// The deadline's safety net: the latest instant at which the rest of the work, with all it takes to begin anew, still fits on
/// capacity that nobody takes away. Until then a job waits or rides whatever is cheapest; from then on it is there.
/// </summary>
internal static class SafetyNet
{
    /// <summary>An earlier instant matters at once, a later one can wait: markets flicker, and the timeline is read by people.</summary>
    private static readonly TimeSpan _earlier = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _later = TimeSpan.FromMinutes(30);

    public static void Run(DecisionContext c)
    {
        if (c.State is not { Terms.Deadline: not null, Verdict: null } || c.State.Phase == JobPhase.Paused || c.Observation.Plan?.Net is not { } seen)
        {
            return;
        }

        if (c.State.Current() is not { } current)
        {
            Waiting(c, seen);
        }
        else if (IsRide(current) && seen.StaysInTime is { } stays && IsLookDue(c.State, c.Now))
        {
            Riding(c, current, seen, stays);
        }
    }

    /// <summary>Whether the net is to be looked at although no attempt is due: the hours keep the job back, or it rides what may be taken away.</summary>
    public static bool IsLookDue(JobState state, DateTimeOffset now) =>
        IsWatched(state) && (state.Net is { } net ? net.LookAt <= now : state.Current() is null);

    /// <summary>Null = it need not be.</summary>
    public static DateTimeOffset? LookAt(JobState state) => IsWatched(state) ? state.Net?.LookAt : null;

    /// <summary>What an attempt that begins now must be on; empty = anything goes.</summary>
    public static ImmutableArray<Offer> Must(DecisionContext c) =>
        c.Observation.Plan?.Net is { } seen && (HasLeft(c.State) || c.Now >= LatestStart(c.State, c.Policies, seen)) ? seen.Ranked : [];

    private static bool IsWatched(JobState state) =>
        state is { Terms.Deadline: not null, Verdict: null } && !state.Phase.IsTerminal()
        && (state.Current() is { } current ? IsRide(current) : state.Phase is JobPhase.Pending or JobPhase.Scheduled);

    private static bool IsRide(Attempt attempt) =>
        attempt.Offer.Capacity == CapacityType.Interruptible && attempt.Phase < AttemptPhase.Draining && !attempt.IsEnding();

    /// <summary>Once a job has moved for its deadline it stays with what is sure: to and fro would cost what was won.</summary>
    private static bool HasLeft(JobState state) => state.Attempts.Any(attempt => attempt.Reason == EndReason.DeadlineNear);

    private static DateTimeOffset? LatestStart(JobState state, Policies policies, NetView seen) =>
        state.Terms.Deadline - seen.Needed - policies.DeadlineMargin - (state.Attempts.IsEmpty ? TimeSpan.Zero : Leaving(state, policies));

    /// <summary>Storing the newest checkpoint, and wiping.</summary>
    private static TimeSpan Leaving(JobState state, Policies policies) => RunWindow.Reserve(state, policies);

    private static void Waiting(DecisionContext c, NetView seen)
    {
        var latest = LatestStart(c.State, c.Policies, seen);
        if (IsLookDue(c.State, c.Now) || c.State.Net is not { } known || IsNews(known, latest, seen.MissedBy))
        {
            Move(c, latest, seen.MissedBy, NextLook(c, latest), Words(c, latest, seen));
        }

        // The hours were waited for with another net in mind.
        if (c.State is { Phase: JobPhase.Scheduled, NotBefore: { } opens } && latest is { } start)
        {
            start = Later(Later(start, c.State.Terms.NotBefore), c.Now);
            if (start < opens)
            {
                c.Emit(new JobPhaseChanged(JobPhase.Scheduled, start) { At = c.Now, Why = $"for its deadline it begins outside of its hours: {Utc(start)}" });
            }
        }
    }

    private static void Riding(DecisionContext c, Attempt current, NetView seen, bool stays)
    {
        var latest = LatestStart(c.State, c.Policies, seen);
        if (latest > c.Now)
        {
            Move(c, latest, seen.MissedBy, NextLook(c, latest), Words(c, latest, seen));
        }
        else if (!stays && c.Now + seen.Needed + Leaving(c.State, c.Policies) <= c.State.Terms.Deadline && RoomRule.FitsInstead(c, current, seen.Ranked[0]))
        {
            c.End(current, EndReason.DeadlineNear,
                $"what is left takes up to {Reconciling.Words.Of(seen.Needed!.Value)} on {Name(seen.Ranked[0])}, which nobody takes away, and the deadline is {Utc(c.State.Terms.Deadline!.Value)}: it moves there now");
        }
        else
        {
            // Moving would not save the deadline, or staying does not endanger it.
            Move(c, latest, seen.MissedBy, NextLook(c, latest), stays ? $"the deadline {Utc(c.State.Terms.Deadline!.Value)} is made where the job is, in nine runs of ten" : Words(c, latest, seen));
        }
    }

    private static DateTimeOffset NextLook(DecisionContext c, DateTimeOffset? latest) =>
        latest <= c.Now ? c.Now + c.Policies.DeadlineNearLook : Sooner(latest ?? DateTimeOffset.MaxValue, c.Now + c.Policies.DeadlineLook);

    private static bool IsNews(DeadlineNet known, DateTimeOffset? latest, TimeSpan? missedBy) =>
        known.LatestStart is null != latest is null || latest < known.LatestStart - _earlier || latest > known.LatestStart + _later
        || known.MissedBy is null != missedBy is null || (missedBy - known.MissedBy)?.Duration() >= TimeSpan.FromHours(1);

    private static void Move(DecisionContext c, DateTimeOffset? latest, TimeSpan? missedBy, DateTimeOffset lookAt, string why) =>
        c.Emit(new NetMoved(latest, lookAt, missedBy) { At = c.Now, Why = Reconciling.Words.Clean(why) });

    private static string Words(DecisionContext c, DateTimeOffset? latest, NetView seen)
    {
        var deadline = $"the deadline is {Utc(c.State.Terms.Deadline!.Value)}";
        return seen.MissedBy is { } late ? $"{deadline}: it is missed by about {Reconciling.Words.Of(late)} on the fastest offer that fits; faster ones may make it (resources, providers, budget)"
            : latest < c.State.Terms.NotBefore && c.State.Attempts.IsEmpty ? $"{deadline}: there is no time to spare when it starts at {Utc(c.State.Terms.NotBefore.Value)}, then on {Name(seen.Ranked[0])}"
            : latest is { } start ? $"{deadline}: on {Name(seen.Ranked[0])}, which nobody takes away, the job must start by {Utc(start)}"
            : $"{deadline}: no offer that nobody takes away is known to make it";
    }

    private static string Name(Offer offer) => offer.Host ?? $"{offer.Provider} {offer.Id}";

    private static string Utc(DateTimeOffset at) => FormattableString.Invariant($"{at.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");

    private static DateTimeOffset Sooner(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;
}
