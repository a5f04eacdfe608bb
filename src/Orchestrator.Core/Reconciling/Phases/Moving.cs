using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Recovery;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// A job that runs where it is dear by now moves to where the rest of it costs less. Markets change within hours; over days more is
/// won by that than by choosing well once. It is looked at once an hour of training, and only while what was trained here is safe: its
/// newest checkpoint is in the store, and no older than that hour.
/// </summary>
internal static class Moving
{
    public static void Run(DecisionContext c)
    {
        if (c.Observation.Plan?.Move is not { } move || !IsLookDue(c.State, c.Policies, c.Now) || c.State.Current() is not { } current || IsKept(c, current))
        {
            return;
        }

        foreach (var to in move.To)
        {
            if (move.Staying - to.Total >= Least(c, current, move) && OfferChoice.IsOpen(c.State, to.Offer, c.Policies, c.Now)
                && Budget.AllowsInstead(c, current, to.Offer) && RoomRule.FitsBeside(c, to.Offer))
            {
                c.End(current, EndReason.CheaperElsewhere,
                    $"what is left costs about {to.Total} on {to.Offer.Host ?? to.Offer.Provider + " " + to.Offer.Id} at {to.Offer.PricePerHour}/h, and {move.Staying} here at {current.Offer.PricePerHour}/h: it leaves for the cheaper place");
                return;
            }
        }
    }

    /// <summary>Whether a tick at this instant weighs staying against moving.</summary>
    public static bool IsLookDue(JobState state, Policies policies, DateTimeOffset now) =>
        From(state) is { } from && now - from is var trained && trained >= policies.MoveLook && now - Saved(state)!.TakenAt <= policies.MoveLook
        && (trained.Ticks - policies.MoveLookAfter.Ticks) % policies.MoveLook.Ticks is >= 0 and var past && past < policies.MoveLookFor.Ticks;

    /// <summary>From when on looks are counted; null = the job does not move.</summary>
    public static DateTimeOffset? From(JobState state) =>
        state is { Verdict: null, SaveRequest: null, Terms.HasCheckpoints: true, Unverified.IsEmpty: true } && Saved(state) is not null
        && state.Current() is { Phase: AttemptPhase.Running, TrainingStartedAt: { } from } ? from : null;

    /// <summary>The newest checkpoint, where the attempt that runs has made it; null = its work is in no store.</summary>
    private static CheckpointRef? Saved(JobState state) =>
        state.Checkpoints is [.., { Late: false, ReportedAt: not null } newest] && newest.Attempt == state.Attempts.Length ? newest : null;

    /// <summary>A share of what is left, and once more what it took to begin here: a user's setup is in no forecast.</summary>
    private static Money Least(DecisionContext c, Attempt current, MoveView move) =>
        new Money((long)(move.Staying.MicroDollars * c.Policies.MoveLeast))
        + current.Offer.PricePerHour.PerHourFor((current.TrainingStartedAt ?? current.PlannedAt) - current.PlannedAt);

    /// <summary>Its deadline, its hours or a limit on its training time keep it where it is, it has moved too often lately, or nobody hears its host: what it saved last is not known then.</summary>
    private static bool IsKept(DecisionContext c, Attempt current) =>
        c.State.Terms.MaxRuntime is not null || (c.State.Terms.Deadline is not null && !(c.State.Net?.LatestStart > c.Now + c.Policies.MoveLook))
        || Schedule.OpenFrom(c.State, c.Policies, c.Now) > c.Now || RunWindow.DrainAt(current, c.State, c.Policies) <= c.Now + c.Policies.MoveLook
        || c.State.Attempts.Count(one => one.Reason == EndReason.CheaperElsewhere && one.EndingSince > c.Now.AddDays(-1)) >= c.Policies.MovesPerDay
        || !(c.Seen(current).Agent?.LastHeardAt > c.Now - c.Policies.Silence);
}
