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
            case AttemptPhase.Draining:
                due.Answer(attempt.PhaseSince, Draining.Deadline(attempt, state, policies));
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
            due.Retry(attempt.DestroyAcceptedAt ?? attempt.PhaseSince, policies.DestroyRetry);
        }

        foreach (var extra in attempt.Extras)
        {
            due.Retry(extra.FoundAt, policies.DestroyRetry);
        }

        var commanded = attempt.Phase is AttemptPhase.Checking or AttemptPhase.Staging or AttemptPhase.Draining or AttemptPhase.Cleaning
            || attempt is { Phase: AttemptPhase.Running, TrainingStartedAt: null };
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
        if (!state.Unverified.IsEmpty || state.Retired.Any(r => Retention.MayDelete(state, r)))
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
                due.Beat(state.PhaseSince, policies.OfferRetry);
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
        if (state.Terms.MaxTotal is null)
        {
            return;
        }

        var billed = false;
        var stoppable = false;
        foreach (var attempt in state.Attempts)
        {
            billed |= attempt.RateNow() > Money.Zero;
            stoppable |= attempt.Phase < AttemptPhase.Terminating;
        }

        if (!billed || (!stoppable && state.Verdict is not null))
        {
            return;
        }

        due.After(First(now, at => Budget.IsSpent(state, at)));
        if (state.Verdict is null && state.Current() is { } current)
        {
            due.After(First(now, at => Budget.MustLeave(state, current, policies, at)));
        }
    }

    /// <summary>
    /// The first whole second from now at which it holds, for what never ceases to hold: prices have steps, so that it is looked
    /// for. At least a second: a tick per micro-dollar would be a busy loop.
    /// </summary>
    private static DateTimeOffset First(DateTimeOffset now, Func<DateTimeOffset, bool> holds)
    {
        long not = 0;
        long yes = 1;
        while (!holds(now.AddSeconds(yes)))
        {
            (not, yes) = (yes, yes * 2);
            if (yes > LongestSeconds)
            {
                return DateTimeOffset.MaxValue;
            }
        }

        while (yes - not > 1)
        {
            var middle = not + ((yes - not) / 2);
            (not, yes) = holds(now.AddSeconds(middle)) ? (not, middle) : (middle, yes);
        }

        return now.AddSeconds(yes);
    }
}
