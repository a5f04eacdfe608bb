using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// A job with checkpoints that runs where it is dear by now moves to where the rest of it costs less. Markets change within hours;
/// over days more is won by that than by choosing well once. It is looked at once an hour of training.
/// </summary>
internal static class Moving
{
    public static void Run(DecisionContext c)
    {
        if (c.Observation.Plan?.Move is not { } move || c.State.Current() is not { } current || !IsLookDue(c.State, c.Policies, c.Now))
        {
            return;
        }

        var saves = move.Staying - move.Moving;
        if (saves >= Least(c, current, move) && Budget.Allows(c, move.To) && RoomRule.FitsInstead(c, current, move.To) && !IsKept(c))
        {
            c.End(current, EndReason.CheaperElsewhere,
                $"what is left costs about {move.Moving} on {move.To.Host ?? move.To.Provider + " " + move.To.Id} at {move.To.PricePerHour}/h, and {move.Staying} here at {current.Offer.PricePerHour}/h: it moves there");
        }
    }

    /// <summary>Whether a tick at this instant weighs staying against moving.</summary>
    public static bool IsLookDue(JobState state, Policies policies, DateTimeOffset now) =>
        From(state) is { } from && now - from is var trained && trained >= policies.MoveLook
        && (trained.Ticks - policies.MoveLookAfter.Ticks) % policies.MoveLook.Ticks is >= 0 and var past && past < policies.MoveLookFor.Ticks;

    /// <summary>From when on looks are counted; null = the job does not move.</summary>
    public static DateTimeOffset? From(JobState state) =>
        state is { Verdict: null, Terms.HasCheckpoints: true } && state.Current() is { Phase: AttemptPhase.Running, TrainingStartedAt: { } from } current && !current.IsEnding() ? from : null;

    /// <summary>A share of what is left, and once more what it took to begin here: a user's setup is in no forecast.</summary>
    private static Money Least(DecisionContext c, Attempt current, MoveView move) =>
        new Money((long)(move.Staying.MicroDollars * c.Policies.MoveLeast))
        + current.Offer.PricePerHour.PerHourFor((current.TrainingStartedAt ?? current.PlannedAt) - current.PlannedAt);

    /// <summary>Its deadline or its hours keep it where it is.</summary>
    private static bool IsKept(DecisionContext c) =>
        (c.State.Terms.Deadline is not null && !(c.State.Net?.LatestStart > c.Now + c.Policies.MoveLook))
        || Schedule.OpenFrom(c.State, c.Policies, c.Now) > c.Now;
}
