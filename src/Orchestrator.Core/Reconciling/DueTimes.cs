using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling.Phases;

namespace Orchestrator.Reconciling;

/// <summary>When to look again: the nearest deadline of any phase, and the retry of what stays owed.</summary>
internal static class DueTimes
{
    /// <summary>Some ten years: beyond it no money runs out.</summary>
    private const long LongestSeconds = 3650L * 24 * 3600;

    public static DateTimeOffset Next(JobState state, Policies policies, DateTimeOffset now, ImmutableArray<UnattendedTime> unattended)
    {
        var due = new Earliest(now, policies, unattended);
        if (state.Seq == 0 || state.Phase.IsTerminal())
        {
            return due.At;
        }

        foreach (var attempt in state.Attempts)
        {
            if (attempt.IsLive())
            {
                AddPhase(due, state, attempt, policies);
                AddDebts(due, state, attempt, policies);
            }
        }

        AddJob(due, state, policies, now, unattended);
        AddMoney(due, state, policies, now);
        return due.At;
    }

    private static void AddPhase(Earliest due, JobState state, Attempt attempt, Policies policies)
    {
        switch (attempt.Phase)
        {
            case AttemptPhase.Booting:
                due.Answer(attempt.PhaseSince, Booting.Deadline(attempt, state, policies));
                break;
            case AttemptPhase.Connecting:
                // Whether anybody has got in is not in the state: it is looked at in this rhythm.
                due.Beat(attempt.PhaseSince, Connecting.ReachDeadline(attempt, policies) - attempt.PhaseSince);
                due.Answer(attempt.PhaseSince, Connecting.Deadline(attempt, state, policies));
                break;
            case AttemptPhase.Checking:
                due.Answer(attempt.PhaseSince, Checking.Deadline(attempt, policies));
                break;
            case AttemptPhase.Staging:
                due.Answer(attempt.PhaseSince, Staging.Deadline(attempt, state, policies));
                break;
            case AttemptPhase.Running when attempt.TrainingStartedAt is null:
                due.Answer(attempt.PhaseSince, Running.StartDeadline(attempt, state, policies));
                break;
            case AttemptPhase.Running when state.Terms.Stall is { } stall:
                // Progress is not in the state: a beat per stall time is enough here, the observer sees a stall as it happens.
                due.Beat(attempt.TrainingStartedAt!.Value, stall);
                break;
            case AttemptPhase.Draining when Holding.IsHeld(attempt):
                due.Deadline(Holding.End(attempt, state, policies));
                break;
            case AttemptPhase.Draining:
                due.Answer(attempt.PhaseSince, Draining.Deadline(attempt, state, policies));
                break;
            case AttemptPhase.Passing:
                due.Answer(attempt.OfferedAt ?? attempt.PhaseSince, Passing.Deadline(attempt, policies));
                break;
            case AttemptPhase.Cleaning:
                due.Answer(attempt.PhaseSince, Cleaning.Deadline(attempt, policies));
                break;
            default:
                break;
        }

        if (!attempt.IsEnding() && attempt.Phase < AttemptPhase.Draining && RentalEnd.DrainAt(attempt, state, policies) is { } drainAt)
        {
            due.Deadline(drainAt);
        }

        if (!attempt.IsEnding() && attempt.Phase < AttemptPhase.Draining && RunWindow.DrainAt(attempt, state, policies) is { } closesAt)
        {
            due.Deadline(closesAt);
        }

        if (attempt is { InstanceId: not null, AbsentSince: { } since })
        {
            due.After(since + policies.TimingsOf(attempt.Offer.Provider).Settling);
        }

        if (attempt.IsLaunchUnknown())
        {
            due.Deadline(Launching.NextListAt(attempt, policies));
            if (!attempt.IsEnding())
            {
                due.Answer(attempt.LaunchSentAt!.Value, Launching.Deadline(attempt, policies));
            }
        }
    }

    private static void AddDebts(Earliest due, JobState state, Attempt attempt, Policies policies)
    {
        if (attempt is { Phase: AttemptPhase.Terminating, InstanceId: not null })
        {
            due.Retry(attempt.PhaseSince, policies.DestroyRetry);
        }

        foreach (var extra in attempt.Extras)
        {
            due.Retry(extra.FoundAt, policies.DestroyRetry);
        }

        var commanded = (attempt.Phase is AttemptPhase.Checking or AttemptPhase.Staging or AttemptPhase.Draining or AttemptPhase.Cleaning && !Holding.IsHeld(attempt))
            || attempt is { Phase: AttemptPhase.Running, TrainingStartedAt: null } or { Phase: AttemptPhase.Passing, OfferedAt: null };
        if (commanded)
        {
            due.Retry(attempt.PhaseSince, policies.EffectRetry);
        }

        if (attempt.Phase == AttemptPhase.Running && (state.SaveRequest is not null || state.Retired.Any(r => r.AwaitsAttempt == attempt.Number)))
        {
            due.Beat(attempt.PhaseSince, policies.EffectRetry);
        }
    }

    private static void AddJob(Earliest due, JobState state, Policies policies, DateTimeOffset now, ImmutableArray<UnattendedTime> unattended)
    {
        if (!state.Unverified.IsEmpty || state.Start is not null || state.Retired.Any(r => Retention.MayDelete(state, r)))
        {
            due.Beat(state.SubmittedAt, policies.EffectRetry);
        }

        if (state.Verdict is not null)
        {
            return;
        }

        if (state.Terms is { Deadline: { } deadline, OnDeadlineMiss: DeadlineMiss.Stop })
        {
            due.Deadline(deadline);
        }

        if (state.Terms.MaxRuntime is { } most && state.Current() is { TrainingStartedAt: not null })
        {
            due.Deadline(now + (most - state.Trained(now)));
        }

        if (Moving.From(state) is { } from)
        {
            due.Beat(from + policies.MoveLookAfter, policies.MoveLook);
        }

        if (SafetyNet.LookAt(state) is { } look)
        {
            due.Deadline(look);
        }

        if (state.Phase == JobPhase.Active)
        {
            return;
        }

        if (NextAttempt.Start(state, policies, now) is var start && start > now)
        {
            due.After(start);
        }
        else
        {
            due.After(Schedule.ClosesAt(state, policies, now));
            if (NextAttempt.IsDue(state, policies, now, unattended))
            {
                // Whose turn it is not is woken when that changes: this is for a wake-up that was lost.
                due.Beat(state.PhaseSince, state.BatchWait is null ? policies.OfferRetry : policies.OfferRetry * 5);
                if (state.Phase == JobPhase.Pending)
                {
                    // Nobody has looked at the market for it yet.
                    due.Retry(state.PhaseSince, TimeSpan.FromSeconds(1));
                }
            }
        }

        foreach (var attempt in state.Attempts)
        {
            if (attempt is { Phase: AttemptPhase.Terminating, LaunchSentAt: not null })
            {
                due.After(NextAttempt.OverlapAt(attempt, policies, unattended));
            }
        }
    }

    private static void AddMoney(Earliest due, JobState state, Policies policies, DateTimeOffset now)
    {
        if (state.Terms.MaxTotal is not { } most)
        {
            return;
        }

        var rate = Money.Zero;
        var stoppable = false;
        foreach (var attempt in state.Attempts)
        {
            rate += attempt.RateNow();
            stoppable |= attempt.Phase < AttemptPhase.Terminating;
        }

        if (rate <= Money.Zero || (!stoppable && state.Verdict is not null))
        {
            return;
        }

        due.After(First(now, most, rate, at => Budget.SpentSoon(state, at)));
        if (state.Attempts is [.., { Offer.IsFree: false } newest] && Holding.IsHeld(newest))
        {
            due.After(First(now, most, rate, at => Budget.SpentWithLeaving(state, newest, most, policies, at)));
        }

        if (state.Verdict is null && state.Current() is { Offer.IsFree: false } current)
        {
            due.After(First(now, most, rate, at => Budget.SpentWithLeaving(state, current, most, policies, at)));
            if (SharedBudget.Has(state))
            {
                due.After(First(now, most, rate, at => SharedBudget.NeededAhead(state, current, most, policies, at)));
            }
        }
    }

    /// <summary>
    /// The first whole second from now at which more than the most is needed, of what only grows. At least a second: a tick per
    /// micro-dollar would be a busy loop. Prices have steps, so that it is searched for, from where the average rate leads.
    /// </summary>
    private static DateTimeOffset First(DateTimeOffset now, Money most, Money rate, Func<DateTimeOffset, Money> needed)
    {
        var seconds = (Int128)(most - needed(now)).MicroDollars * 3600 / rate.MicroDollars;
        var guess = (long)Int128.Clamp(seconds, 1, LongestSeconds);
        var (not, yes) = Holds(guess) ? (0L, guess) : (guess, long.MaxValue);
        for (long step = 1; yes == long.MaxValue; step *= 2)
        {
            if (guess + step > LongestSeconds)
            {
                return DateTimeOffset.MaxValue;
            }

            (not, yes) = Holds(guess + step) ? (not, guess + step) : (guess + step, yes);
        }

        for (long step = 1; not == 0 && yes - step > 0; step *= 2)
        {
            (not, yes) = Holds(yes - step) ? (not, yes - step) : (yes - step, yes);
        }

        while (yes - not > 1)
        {
            var middle = not + ((yes - not) / 2);
            (not, yes) = Holds(middle) ? (not, middle) : (middle, yes);
        }

        return now.AddSeconds(yes);

        bool Holds(long after) => needed(now.AddSeconds(after)) > most;
    }
}
