using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// Before its host is destroyed another job of the batch may take it over, if one would now. It is wiped first, but for data that others use; it
/// is this job's until that one's tick takes it (<see cref="Handing"/>), and this one pays for the moment in between.
/// </summary>
internal static class Passing
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase != AttemptPhase.Passing)
        {
            return;
        }

        if (c.Observation.Batch is { HasHeir: false })
        {
            c.Enter(attempt, AttemptPhase.Cleaning, "no job of the batch would take the host over any more");
        }
        else if (!attempt.Extras.IsEmpty)
        {
            c.Enter(attempt, AttemptPhase.Cleaning, "a second instance has its label: neither is passed on");
        }
        else if (c.IsOver(attempt.OfferedAt ?? attempt.PhaseSince, Deadline(attempt, c.Policies)))
        {
            c.Enter(attempt, AttemptPhase.Cleaning, attempt.OfferedAt is null
                ? $"wiping was not confirmed within {Words.Of(c.Policies.Clean)}"
                : $"no job of the batch took the host over within {Words.Of(c.Policies.Pass)}");
        }
    }

    public static DateTimeOffset Deadline(Attempt attempt, Policies policies) => attempt.OfferedAt is { } offered ? offered + policies.Pass : attempt.PhaseSince + policies.Clean;

    /// <summary>The job is done for good, by itself and not by its host, and somebody would take what it has.</summary>
    public static bool IsWanted(DecisionContext c, Attempt attempt) =>
        c.State.Terms.Batch is { ReusesHosts: true } && c.Observation.Batch is { HasHeir: true } batch
        && attempt.Extras.IsEmpty && attempt.Offer.HostKind == HostKind.Container && !OwnMachines.Has(attempt.Offer.Host)
        && attempt.Reason switch
        {
            EndReason.Succeeded => c.State.Verdict is null or { Phase: JobPhase.Succeeded },
            EndReason.TrainerFailed or EndReason.OutOfMemory => c.State.Verdict is { Phase: JobPhase.Failed } && !batch.FailFast,
            _ => false,
        };

    public static void Wiped(DecisionContext c, Attempt attempt, HostCleaned answer)
    {
        if (attempt.OfferedAt is not null)
        {
            return;
        }

        // An agent that does not say what it kept is of an older release, and cannot be handed over.
        if (answer is { Wiped: true, KeptData: true })
        {
            c.Emit(new HostOffered(attempt.Number) { At = c.Now, Why = "the host is wiped, and another job of the batch may take it over" });
        }
        else
        {
            c.Enter(attempt, AttemptPhase.Cleaning, answer.Wiped ? "the agent there is of an older release, which no other job takes over" : Words.Clean("the host could not be wiped for another job: " + answer.Words));
        }
    }
}
