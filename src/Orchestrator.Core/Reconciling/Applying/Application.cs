using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Applying;

/// <summary>The one switch over all events. Adding an event without a line here fails a test and throws at run time.</summary>
internal static class Application
{
    public static JobState Apply(JobState state, JobEvent jobEvent)
    {
        if (state.Seq == 0 != jobEvent is JobSubmitted)
        {
            throw new InvalidOperationException($"{jobEvent.GetType().Name} cannot be event {state.Seq + 1} of a job: the first one, and only that, is JobSubmitted");
        }

        var next = jobEvent switch
        {
            JobSubmitted e => JobChanges.Submitted(state, e),
            JobPhaseChanged e => JobChanges.PhaseChanged(state, e),
            VerdictReached e => state with { Verdict = new JobVerdict(e.Phase, e.Why) { OfBudget = e.OfBudget }, PhaseReason = e.Why, RoomWait = null, BatchWait = null },
            JobEnded e => JobChanges.InPhase(state, e.Phase, e) with { NotBefore = null },
            JobResumed e => JobChanges.Resumed(state, e),
            BudgetChanged e => state with { Terms = state.Terms with { MaxTotal = e.MaxTotal } },
            TermsChanged e => JobChanges.TermsChanged(state, e),
            EpochBegan e => EpochChanges.Began(state, e),
            NetMoved e => state with { Net = new DeadlineNet(e.LatestStart, e.LookAt, e.MissedBy) },

            AttemptPlanned e => LaunchChanges.Planned(state, e),
            LaunchSent e => LaunchChanges.Sent(state, e),
            InstanceFound e => LaunchChanges.Found(state, e),
            ExtraInstanceFound e => LaunchChanges.ExtraFound(state, e),
            ExtraInstanceGone e => LaunchChanges.ExtraGone(state, e),
            HostOffered e => HandingChanges.Offered(state, e),
            HostPassed e => HandingChanges.Passed(state, e),
            HostTaken e => HandingChanges.Taken(state, e),
            AbsenceNoted e => state.With(e.Attempt, e, static (a, e) => a with { AbsentSince = a.AbsentSince ?? e.AskedAt }),
            AbsenceRefuted e => state.With(e.Attempt, e, static (a, _) => AttemptChanges.StillThere(a)),
            RentalTermChanged e => state.With(e.Attempt, e, static (a, e) => a with { Offer = a.Offer with { Until = e.Until }, TermChangedAt = e.At }),
            RateNoted e => state.With(e.Attempt, e, AttemptChanges.RateNoted),

            PhaseEntered e => AttemptChanges.Entered(state, e),
            RestoreChosen e => state.With(e.Attempt, e, static (a, e) => a with { RestoreDecided = true, RestoreFrom = e.Checkpoint }),
            TrainingStarted e => AttemptChanges.Started(state, e),
            TrainerExited e => AttemptChanges.Exited(state, e),
            StacksTaken e => state.With(e.Attempt, e, static (a, e) => a with { Stacks = e.Stacks }),
            AttemptEnding e => AttemptChanges.Ending(state, e),
            HostHeld e => state.With(e.Attempt, e, static (a, e) => a with { Held = new HeldHost(e.At, e.Until) }),
            AttemptCleaned e => state.With(e.Attempt, e, static (a, e) => a with { Wiped = e.Wiped }),
            DestroyAccepted e => state.With(e.Attempt, e, static (a, e) => a with { DestroyAcceptedAt = a.DestroyAcceptedAt ?? e.At }),
            AttemptEnded e => AttemptChanges.Ended(state, e),
            AgentEventsApplied e => state.With(e.Attempt, e, static (a, e) => a with { AgentSeq = Math.Max(a.AgentSeq, e.Seq) }),
            ProblemNoted e => AttemptChanges.Noted(state, e),

            CheckpointReported e => CheckpointChanges.Reported(state, e),
            CheckpointCommitted e => CheckpointChanges.Committed(state, e),
            CheckpointRejected e => CheckpointChanges.Rejected(state, e),
            CheckpointRetired e => CheckpointChanges.Retired(state, e),
            RetirementAcknowledged e => CheckpointChanges.Acknowledged(state, e),
            CheckpointDeleted e => CheckpointChanges.Deleted(state, e),
            CopyDropped => state with { Start = null },
            SaveRequested e => state with { SaveRequest = e.Request },
            SaveAnswered => state with { SaveRequest = null },

            _ => throw new InvalidOperationException($"no rule applies {jobEvent.GetType().Name}"),
        };

        return next with { Seq = state.Seq + 1 };
    }
}
