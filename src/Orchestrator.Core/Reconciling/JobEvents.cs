using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Spending;

namespace Orchestrator.Reconciling;

// The job.

public sealed record JobSubmitted(JobId Id, string Epoch, string Name, JobTerms Terms) : JobEvent
{
    /// <summary>The other job's checkpoint that it begins from, once that is copied; null = it begins at the start, and in events of older releases.</summary>
    public StartCopy? Start { get; init; }
}

public sealed record JobPhaseChanged(JobPhase Phase, DateTimeOffset? Until) : JobEvent
{
    /// <summary>What it waits for is room within the server's limits; null otherwise.</summary>
    public RoomWait? Room { get; init; }

    /// <summary>What it waits for is its batch; null otherwise.</summary>
    public BatchWait? Batch { get; init; }

    /// <summary>Only the budget is in the way of what fits; false in events of older releases.</summary>
    public bool BeyondBudget { get; init; }
}

/// <summary>The end is decided; attempts are wound down before <see cref="JobEnded"/>.</summary>
public sealed record VerdictReached(JobPhase Phase) : JobEvent
{
    /// <summary>It is the budget that ends or pauses the job; false also in events of older releases.</summary>
    public bool OfBudget { get; init; }
}

public sealed record JobEnded(JobPhase Phase) : JobEvent;

/// <summary>A paused job goes on by a person's word.</summary>
public sealed record JobResumed : JobEvent;

public sealed record BudgetChanged(Money MaxTotal) : JobEvent;

/// <summary>By a person's word other terms hold from here on; null = unchanged.</summary>
public sealed record TermsChanged(Money? MaxHourly, DateTimeOffset? Deadline) : JobEvent
{
    public int? Priority { get; init; }
}

/// <summary>After a restored database was confirmed: what is planned from now on carries the new epoch.</summary>
/// <param name="Epoch">The one that begins.</param>
/// <param name="Former">The one in which the forgotten attempts ran.</param>
/// <param name="LastAttempt">Newest attempt that is known to have been launched; those the database has lost are booked as ended, so that no number comes twice.</param>
public sealed record EpochBegan(string Epoch, string Former, int LastAttempt) : JobEvent;

/// <summary>The deadline's safety net was looked at: see <see cref="DeadlineNet"/>.</summary>
public sealed record NetMoved(DateTimeOffset? LatestStart, DateTimeOffset? LookAt, TimeSpan? MissedBy) : JobEvent;

// Launching.

/// <summary>Intent before money.</summary>
public sealed record AttemptPlanned(int Attempt, OfferTaken Offer, string Label) : JobEvent
{
    /// <summary>Null where checkpoints are not the plan's to ask for, and in events of older releases.</summary>
    public AttemptRhythm? Rhythm { get; init; }
}

/// <summary>A create call is permitted, once, to the tick that appends this.</summary>
public sealed record LaunchSent(int Attempt, int Send) : JobEvent;

public sealed record InstanceFound(int Attempt, string InstanceId) : JobEvent;

/// <summary>A second instance with our label: it is owed a destroy.</summary>
public sealed record ExtraInstanceFound(int Attempt, string InstanceId) : JobEvent;

public sealed record ExtraInstanceGone(int Attempt, string InstanceId) : JobEvent;

/// <summary>The host is wiped but for data that others use: another job of the batch may take it over.</summary>
public sealed record HostOffered(int Attempt) : JobEvent;

/// <summary>The instance is another job's from here on. Appended in one transaction with that job's <see cref="HostTaken"/>; the attempt's end follows it.</summary>
public sealed record HostPassed(int Attempt, HostHeir To) : JobEvent;

/// <summary>The attempt owns what another job of the batch has given up, instead of an instance of its own.</summary>
public sealed record HostTaken(int Attempt, WarmHost Host) : JobEvent;

/// <summary>A complete listing, begun at <paramref name="AskedAt"/>, lacked the label.</summary>
public sealed record AbsenceNoted(int Attempt, DateTimeOffset AskedAt) : JobEvent;

public sealed record AbsenceRefuted(int Attempt) : JobEvent;

/// <summary>The rental ends at another time than was agreed so far; null = it is open-ended now.</summary>
public sealed record RentalTermChanged(int Attempt, DateTimeOffset? Until) : JobEvent;

/// <summary>The provider's record says another price than the books. Seen once it changes nothing, since records have odd moments.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="PerHour">What it says, disk included.</param>
/// <param name="Holds">It said so before: from here on the books say it as well, of the time since the create call too.</param>
public sealed record RateNoted(int Attempt, Money PerHour, bool Holds) : JobEvent;

// Life of an attempt.

/// <summary>The attempt moved on to <paramref name="Phase"/> (never to Ended: that is <see cref="AttemptEnded"/>).</summary>
public sealed record PhaseEntered(int Attempt, AttemptPhase Phase) : JobEvent;

/// <param name="Attempt">The attempt.</param>
/// <param name="Checkpoint">Null = from the start.</param>
public sealed record RestoreChosen(int Attempt, CheckpointRef? Checkpoint) : JobEvent;

public sealed record TrainingStarted(int Attempt) : JobEvent;

public sealed record TrainerExited(int Attempt, int ExitCode, long? LastStep) : JobEvent
{
    /// <summary>What a rule over its log says of it; null = none does, and in events of older releases.</summary>
    public LogRuleAction? LogSays { get; init; }
}

/// <summary>Where the threads of a trainer stood that made no progress, in the first lines of what its log holds of it.</summary>
public sealed record StacksTaken(int Attempt, string Stacks) : JobEvent;

/// <summary>The attempt shall end; the first reason stands, a later one may only make it worse (see Apply).</summary>
public sealed record AttemptEnding(int Attempt, EndReason Reason, long? LastStep) : JobEvent
{
    /// <summary>For <see cref="EndReason.LaunchRefused"/>, when the provider said why; null otherwise.</summary>
    public RefusalKind? Refusal { get; init; }
}

/// <summary>The job has failed, and its host stays for a person to look.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Until">At most until then.</param>
public sealed record HostHeld(int Attempt, DateTimeOffset Until) : JobEvent;

public sealed record AttemptCleaned(int Attempt, bool Wiped) : JobEvent;

public sealed record DestroyAccepted(int Attempt) : JobEvent;

public sealed record AttemptEnded(int Attempt, EndReason Reason, Money Cost, bool Interruption) : JobEvent;

/// <summary>Agent events up to <paramref name="Seq"/> need no further look.</summary>
public sealed record AgentEventsApplied(int Attempt, long Seq) : JobEvent;

/// <summary>Something a person should read in the timeline that changes nothing by itself.</summary>
/// <param name="Attempt">The attempt; 0 = the job as a whole.</param>
public sealed record ProblemNoted(int Attempt) : JobEvent
{
    /// <summary>The inbox row of the command that is refused by it; null = none is, and in events of older releases.</summary>
    public long? Answers { get; init; }
}

// Checkpoints.

public sealed record CheckpointReported(CheckpointRef Checkpoint) : JobEvent;

/// <summary>Verified, and from now on what a restore may use.</summary>
public sealed record CheckpointCommitted(CheckpointRef Checkpoint, bool Adopted) : JobEvent;

public sealed record CheckpointRejected(string ManifestKey) : JobEvent;

/// <param name="Checkpoint">Which.</param>
/// <param name="AwaitsAttempt">The live attempt that must let go of it first; null = none.</param>
public sealed record CheckpointRetired(CheckpointRef Checkpoint, int? AwaitsAttempt) : JobEvent;

public sealed record RetirementAcknowledged(string ManifestKey) : JobEvent;

public sealed record CheckpointDeleted(string ManifestKey) : JobEvent;

/// <summary>The job ends before it has begun: what was copied for it of another's checkpoint is gone from the store.</summary>
public sealed record CopyDropped : JobEvent;

public sealed record SaveRequested(int Attempt, long Request) : JobEvent;

public sealed record SaveAnswered(int Attempt, long Request) : JobEvent;
