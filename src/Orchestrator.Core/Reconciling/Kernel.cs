using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling.Applying;
using Orchestrator.Reconciling.Phases;

namespace Orchestrator.Reconciling;

/// <summary>The four pure functions that are the product's mind. Live ticks, replay and simulation call the same ones.</summary>
public static class Kernel
{
    /// <summary>More passes than any job needs: reaching it means that two phases undo each other.</summary>
    private const int MaxPasses = 64;

    /// <summary>What this observation means. Idempotent: decided again on the state it led to, with nothing new seen, it is empty.</summary>
    public static ImmutableArray<JobEvent> Decide(JobState state, Observation observation, Policies policies, DateTimeOffset now)
    {
        if (state.Seq == 0 || state.Phase.IsTerminal())
        {
            return [];
        }

        var context = new DecisionContext(state, observation, policies, now);
        Commands.Run(context);
        Facts.Run(context);

        // Passes until nothing follows any more: that is what makes Decide idempotent, whatever the order of the phases.
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var before = context.Count;
            Sequence.Run(context);
            if (context.Count == before || context.State.Phase.IsTerminal())
            {
                return context.Events();
            }
        }

        var last = string.Join(", ", context.Events().TakeLast(6).Select(e => e.GetType().Name));
        throw new InvalidOperationException($"job {state.Id}: the decision does not come to rest after {MaxPasses} passes; last {last}");
    }

    /// <summary>Total: every event applies to every state, or throws <see cref="InvalidOperationException"/> for one that cannot follow.</summary>
    public static JobState Apply(JobState state, JobEvent jobEvent) => Application.Apply(state, jobEvent);

    /// <summary>What committed state still owes the world, in the order to do it.</summary>
    public static ImmutableArray<Effect> Owed(JobState state) => Debts.Of(state);

    /// <summary>The next decision deadline (never a polling cadence), always after <paramref name="now"/>; <see cref="DateTimeOffset.MaxValue"/> = none.</summary>
    /// <param name="state">The job.</param>
    /// <param name="policies">In force now.</param>
    /// <param name="now">The tick's instant.</param>
    /// <param name="unattended">As in the observation; without it, some deadlines are named too early.</param>
    public static DateTimeOffset NextDue(JobState state, Policies policies, DateTimeOffset now, ImmutableArray<UnattendedTime> unattended = default) =>
        DueTimes.Next(state, policies, now, unattended);

    /// <summary>The least budget with which the job can go on: what is spent and, by the newest attempt's price, what makes a further slice worth beginning.</summary>
    public static Money LeastBudget(JobState state, Policies policies, DateTimeOffset now) => Budget.LeastTotal(state, policies, now);

    /// <summary>The least budget with which a new job may begin on an offer: its whole boot must fit, since nobody pays for half of one.</summary>
    public static Money LeastBudget(JobTerms terms, OfferTaken offer, Policies policies, DateTimeOffset now) => Budget.LeastTotalOn(new JobState { Terms = terms }, offer, policies, now);

    /// <summary>What a job takes to leave before its hours end.</summary>
    public static TimeSpan LeavingTime(JobTerms terms, Policies policies) => RunWindow.Reserve(new JobState { Terms = terms }, policies);

    /// <summary>When the spec's schedule lets a new job begin; <see cref="DateTimeOffset.MaxValue"/> = never.</summary>
    public static DateTimeOffset OpensAt(JobTerms terms, Policies policies, DateTimeOffset now) => Schedule.OpenFrom(new JobState { Terms = terms }, policies, now);

    /// <summary>How long a job that could begin waits for a market that asks more than usual.</summary>
    /// <param name="ready">When it could begin.</param>
    /// <param name="latest">Its latest start.</param>
    /// <param name="policies">In force now.</param>
    public static DateTimeOffset PatientUntil(DateTimeOffset ready, DateTimeOffset latest, Policies policies) => Patience.Until(ready, latest, policies);

    /// <summary>Whether a tick at <paramref name="now"/> should look at offers: an attempt may be planned, has a deadline to keep or may be dear by now, so <see cref="Observation.Plan"/> is wanted.</summary>
    public static bool WantsOffers(JobState state, Policies policies, DateTimeOffset now) =>
        NextAttempt.IsDue(state, policies, now, []) || (state.Seq > 0 && (SafetyNet.IsLookDue(state, now) || Moving.IsLookDue(state, policies, now)));
}
