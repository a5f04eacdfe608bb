using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Applying;

internal static class LaunchChanges
{
    public static JobState Planned(JobState state, AttemptPlanned e)
    {
        if (e.Attempt != state.Attempts.Length + 1)
        {
            throw new InvalidOperationException($"attempt {e.Attempt} cannot follow {state.Attempts.Length} attempts");
        }

        var attempt = new Attempt
        {
            Number = e.Attempt,
            Phase = AttemptPhase.Planned,
            PhaseSince = e.At,
            PlannedAt = e.At,
            Offer = e.Offer,
            Label = e.Label,
            Epoch = state.Epoch,
            Rhythm = e.Rhythm,
        };
        return JobChanges.InPhase(state, JobPhase.Active, e) with { Attempts = state.Attempts.Add(attempt), NotBefore = null };
    }

    public static JobState Sent(JobState state, LaunchSent e) => state.With(e.Attempt, a =>
    {
        if (e.Send != a.LaunchSends + 1 || a.InstanceId is not null)
        {
            throw new InvalidOperationException($"create call {e.Send} of attempt {e.Attempt} cannot follow call {a.LaunchSends}");
        }

        return a with
        {
            Phase = AttemptPhase.Launching,
            PhaseSince = a.Phase == AttemptPhase.Launching ? a.PhaseSince : e.At,
            LaunchSentAt = e.At,
            BilledFrom = a.BilledFrom ?? e.At,
            LaunchSends = e.Send,
            LaunchSentSeq = state.Seq + 1,
            AbsentSince = null,
        };
    });

    public static JobState Found(JobState state, InstanceFound e) => state.With(e.Attempt, a => a.InstanceId is null
        ? a with
        {
            InstanceId = e.InstanceId,
            InstanceFoundAt = e.At,
            AbsentSince = null,
            BilledFrom = a.IsUnsettled() ? a.BilledFrom + (e.At - a.EndingSince) : a.BilledFrom,
        }
        : throw new InvalidOperationException($"attempt {e.Attempt} already owns instance {a.InstanceId}"));

    public static JobState ExtraFound(JobState state, ExtraInstanceFound e) =>
        state.With(e.Attempt, a => a with { Extras = a.Extras.Add(new ExtraInstance(e.InstanceId, e.At)) });

    public static JobState ExtraGone(JobState state, ExtraInstanceGone e) => state.With(e.Attempt, a => a with
    {
        Extras = a.Extras.RemoveAll(x => x.InstanceId == e.InstanceId),
        ExtraCost = a.ExtraCost + a.CostOfExtra(e.At),
    });
}
