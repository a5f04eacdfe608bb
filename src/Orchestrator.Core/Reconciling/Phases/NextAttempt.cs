using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Recovery;

namespace Orchestrator.Reconciling.Phases;

/// <summary>Plans the next attempt when one is due and the ones before it permit it.</summary>
internal static class NextAttempt
{
    public static void Run(DecisionContext c)
    {
        if (MustWaitForSchedule(c))
        {
            return;
        }

        if (c.State.Start is not null)
        {
            CopiedStart.Wait(c);
            return;
        }

        if (!IsDue(c.State, c.Policies, c.Now, c.Observation.Unattended))
        {
            return;
        }

        if (c.Observation.Batch?.Hold is { } held)
        {
            Turn.Wait(c, held);
            return;
        }

        if (c.Observation.Batch?.OnlyWarm is { } full && c.Observation.Plan?.Ranked is not [{ Warm: not null }, ..])
        {
            // Waiting for its turn costs less than the host that is given up.
            Turn.Wait(c, full);
            return;
        }

        if (c.Observation.Plan is not { } plan)
        {
            RoomRule.LeaveLine(c);
            return;
        }

        if (plan is { Ranked.IsEmpty: true, Complete: true, BeyondBudget: { } beyond } && SharedBudget.Limit(c) is { } max)
        {
            BeyondBudget(c, beyond, Budget.TooLittle(c, beyond, max));
            return;
        }

        if (plan.Ranked.IsEmpty)
        {
            Wait(c, null, $"no offer fits{(plan.Complete ? "" : plan.Partly ? ", but not all of the market is seen yet" : ", but a provider does not answer")}: {plan.Rejected}");
            return;
        }

        var affordable = plan.Ranked.RemoveAll(o => !Budget.Allows(c, o));
        if (affordable.IsEmpty && SharedBudget.Limit(c) is null)
        {
            Wait(c, null, $"nothing is rented without a limit on what the job may cost: orchestrator resume {c.State.Id.Value} --budget AMOUNT sets one; until then only own machines are used");
            return;
        }

        if (affordable.IsEmpty)
        {
            Budget.Exhaust(c, Budget.TooSmall(c, plan.Ranked, SharedBudget.Limit(c)!.Value));
            return;
        }

        var must = SafetyNet.Must(c).RemoveAll(o => !Budget.Allows(c, o));
        if (!must.IsEmpty)
        {
            // Where the limits leave no room for what nobody takes away, a ride is better than a wait.
            affordable = RoomRule.Any(c, must) ? must : affordable;
        }
        else if (c.State is { Attempts.IsEmpty: true, Terms.StartBelow: { } below })
        {
            var cheapest = affordable.Min(o => RoomRule.PerHour(c, o));
            affordable = affordable.RemoveAll(o => RoomRule.PerHour(c, o) >= below);
            if (affordable.IsEmpty)
            {
                Wait(c, null, $"the cheapest offer that fits costs {cheapest}/h, the job starts below {below}/h");
                return;
            }
        }

        else if (Patience.Waits(c) is { } patient)
        {
            Wait(c, null, patient);
            return;
        }

        var choice = OfferChoice.Of(c.State, affordable, c.Policies, c.Now);
        if (choice.Offer is null)
        {
            Wait(c, choice.Until, choice.Why);
        }
        else if (OfferChoice.Of(c.State, RoomRule.Within(c, affordable), c.Policies, c.Now).Offer is { } offer)
        {
            if (offer.Warm is null && c.Observation.Batch?.OnlyWarm is { } cold)
            {
                Turn.Wait(c, cold);
                return;
            }

            Begin(c, offer, must.Contains(offer) ? "; nobody takes it away, and the deadline allows no later start" : "");
        }
        else
        {
            RoomRule.Wait(c, affordable);
        }
    }

    /// <param name="state">The job.</param>
    /// <param name="policies">In force now.</param>
    /// <param name="now">The tick's instant.</param>
    /// <param name="unattended">When nobody looked; without it the answer may come too early, never too late.</param>
    public static bool IsDue(JobState state, Policies policies, DateTimeOffset now, ImmutableArray<UnattendedTime> unattended) =>
        state.Seq > 0 && !state.Phase.IsTerminal() && state.Verdict is null && state.Start is null && state.Phase != JobPhase.Active
        && now >= Start(state, policies, now) && state.Attempts.All(a => Permits(a, policies, now, unattended));

    /// <summary>The instant before which no attempt is planned; <paramref name="now"/> when one may be.</summary>
    public static DateTimeOffset Start(JobState state, Policies policies, DateTimeOffset now) =>
        Schedule.OpenFrom(state, policies, state.NotBefore is { } wait && wait > now ? wait : now);

    /// <summary>Between attempts, while the schedule keeps the next one back: the job says until when.</summary>
    private static bool MustWaitForSchedule(DecisionContext c)
    {
        if (c.State.Phase is not (JobPhase.Pending or JobPhase.Scheduled or JobPhase.Waiting or JobPhase.Recovering) || c.State.Verdict is not null)
        {
            return false;
        }

        // From the end of another wait on, so that what is decided now holds until then.
        var from = c.State.NotBefore is { } wait && wait > c.Now ? wait : c.Now;
        var start = Schedule.OpenFrom(c.State, c.Policies, from);
        if (start > from)
        {
            var why = c.State.Terms.NotBefore > from ? "the spec names a later start" : c.State.Attempts.IsEmpty ? "it is not the hour to start" : "it is not the hour to run";
            c.Emit(new JobPhaseChanged(JobPhase.Scheduled, start)
            {
                At = c.Now,
                Why = start == DateTimeOffset.MaxValue
                    ? "the hours to start and to run leave no time to begin in"
                    : FormattableString.Invariant($"{why}: {start:yyyy-MM-dd HH:mm} UTC"),
            });
        }

        return start > c.Now;
    }

    /// <summary>
    /// An older attempt permits the next one when it has ended, or when its destroy was accepted; else after a wait, also where nobody
    /// can say whether there is an instance (both may be billed for a while then).
    /// </summary>
    private static bool Permits(Attempt attempt, Policies policies, DateTimeOffset now, ImmutableArray<UnattendedTime> unattended) =>
        attempt.Phase == AttemptPhase.Ended
        || (attempt is { Phase: AttemptPhase.Terminating, LaunchSentAt: not null }
            && ((attempt.DestroyAcceptedAt is not null && attempt.Extras.IsEmpty)
                || now >= OverlapAt(attempt, policies, unattended)));

    /// <summary>Counted from when the destroy was first owed with a known instance, so that a provider gets its time to confirm.</summary>
    public static DateTimeOffset OverlapAt(Attempt attempt, Policies policies, ImmutableArray<UnattendedTime> unattended) =>
        AttendedTime.Deadline(
            unattended, attempt.InstanceFoundAt > attempt.PhaseSince ? attempt.InstanceFoundAt.Value : attempt.PhaseSince, policies.LossMaxWait, policies.Silence);

    /// <summary>
    /// Prices come and go, and waiting costs nothing; there is no point in it where not even a beginning could be paid, or for ever.
    /// </summary>
    private static void BeyondBudget(DecisionContext c, BeyondBudget beyond, string why)
    {
        var words = Words.Clean(why);
        if (c.State.BeyondBudgetSince + c.Policies.BudgetWait <= c.Now || !Budget.Allows(c, beyond.Offer))
        {
            Budget.Exhaust(c, words);
        }
        else
        {
            Wait(c, null, words, beyondBudget: true);
        }
    }

    private static void Begin(DecisionContext c, Offer offer, string why)
    {
        var number = c.State.Attempts.Length + 1;
        var beside = c.State.Attempts.FirstOrDefault(a => a.IsLive() && (a.DestroyAcceptedAt is null || !a.Extras.IsEmpty));
        var overlap = beside is null ? "" : $"; beside attempt {beside.Number}, whose end {beside.Offer.Provider} has not confirmed for {Words.Of(c.Policies.LossMaxWait)}: both may cost";
        var taken = OfferTaken.Of(offer, c.Observation.Plan?.Loads);
        var on = offer.Warm is { } given ? $"the warm host of job {given.Job}, {offer.Host ?? offer.Provider + " " + given.InstanceId}," : offer.Host ?? offer.Provider + " " + offer.Id;
        SharedBudget.Take(c, offer);
        c.Emit(new AttemptPlanned(number, taken, LaunchToken.For(c.State.Epoch, c.State.Id, number))
        {
            At = c.Now,
            Rhythm = c.Observation.Plan?.Rhythms.FirstOrDefault(one => one.Provider == offer.Provider && one.OfferId == offer.Id)?.Rhythm,
            Why = Words.Clean($"attempt {number} on {on} at {offer.PricePerHour}/h{why}{overlap}"),
        });
        c.Emit(offer.Warm is { } warm
            ? new HostTaken(number, warm) { At = c.Now, Why = $"instance {warm.InstanceId} passes over from job {warm.Job}: it is neither booted nor given its image again" }
            : new LaunchSent(number, 1) { At = c.Now, Why = $"create call at {offer.Provider}" });
    }

    public static void Wait(DecisionContext c, DateTimeOffset? until, string why, bool beyondBudget = false)
    {
        var words = Words.Clean(why);
        if (c.State.Phase != JobPhase.Waiting || c.State.PhaseReason != words || c.State.NotBefore != until || c.State.RoomWait is not null || c.State.BatchWait is not null
            || (beyondBudget && c.State.BeyondBudgetSince is null))
        {
            c.Emit(new JobPhaseChanged(JobPhase.Waiting, until) { At = c.Now, Why = words, BeyondBudget = beyondBudget });
        }
    }
}
