using System.Text.Json.Serialization;

namespace Orchestrator.Reconciling;

/// <summary>
/// A decision, as it is stored for ever. The discriminator carries kind and version: a changed shape gets a new version
/// beside the old one, and a golden file per kind must load in every later release.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(JobSubmitted), "job-submitted.1")]
[JsonDerivedType(typeof(JobPhaseChanged), "job-phase-changed.1")]
[JsonDerivedType(typeof(JobEnded), "job-ended.1")]
[JsonDerivedType(typeof(VerdictReached), "verdict-reached.1")]
[JsonDerivedType(typeof(BudgetChanged), "budget-changed.1")]
[JsonDerivedType(typeof(TermsChanged), "terms-changed.1")]
[JsonDerivedType(typeof(JobResumed), "job-resumed.1")]
[JsonDerivedType(typeof(EpochBegan), "epoch-began.1")]
[JsonDerivedType(typeof(NetMoved), "net-moved.1")]
[JsonDerivedType(typeof(AttemptPlanned), "attempt-planned.1")]
[JsonDerivedType(typeof(LaunchSent), "launch-sent.1")]
[JsonDerivedType(typeof(InstanceFound), "instance-found.1")]
[JsonDerivedType(typeof(ExtraInstanceFound), "extra-instance-found.1")]
[JsonDerivedType(typeof(ExtraInstanceGone), "extra-instance-gone.1")]
[JsonDerivedType(typeof(HostOffered), "host-offered.1")]
[JsonDerivedType(typeof(HostPassed), "host-passed.1")]
[JsonDerivedType(typeof(HostTaken), "host-taken.1")]
[JsonDerivedType(typeof(AbsenceNoted), "absence-noted.1")]
[JsonDerivedType(typeof(AbsenceRefuted), "absence-refuted.1")]
[JsonDerivedType(typeof(RentalTermChanged), "rental-term-changed.1")]
[JsonDerivedType(typeof(RateNoted), "rate-noted.1")]
[JsonDerivedType(typeof(PhaseEntered), "phase-entered.1")]
[JsonDerivedType(typeof(RestoreChosen), "restore-chosen.1")]
[JsonDerivedType(typeof(TrainingStarted), "training-started.1")]
[JsonDerivedType(typeof(TrainerExited), "trainer-exited.1")]
[JsonDerivedType(typeof(AttemptEnding), "attempt-ending.1")]
[JsonDerivedType(typeof(StacksTaken), "stacks-taken.1")]
[JsonDerivedType(typeof(HostHeld), "host-held.1")]
[JsonDerivedType(typeof(AttemptCleaned), "attempt-cleaned.1")]
[JsonDerivedType(typeof(DestroyAccepted), "destroy-accepted.1")]
[JsonDerivedType(typeof(AttemptEnded), "attempt-ended.1")]
[JsonDerivedType(typeof(AgentEventsApplied), "agent-events-applied.1")]
[JsonDerivedType(typeof(ProblemNoted), "problem-noted.1")]
[JsonDerivedType(typeof(CheckpointReported), "checkpoint-reported.1")]
[JsonDerivedType(typeof(CheckpointCommitted), "checkpoint-committed.1")]
[JsonDerivedType(typeof(CheckpointRejected), "checkpoint-rejected.1")]
[JsonDerivedType(typeof(CheckpointRetired), "checkpoint-retired.1")]
[JsonDerivedType(typeof(RetirementAcknowledged), "retirement-acknowledged.1")]
[JsonDerivedType(typeof(CheckpointDeleted), "checkpoint-deleted.1")]
[JsonDerivedType(typeof(CopyDropped), "copy-dropped.1")]
[JsonDerivedType(typeof(SaveRequested), "save-requested.1")]
[JsonDerivedType(typeof(SaveAnswered), "save-answered.1")]
public abstract record JobEvent
{
    /// <summary>The tick's instant (database clock).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>One line for a person: what happened and why.</summary>
    public required string Why { get; init; }
}
