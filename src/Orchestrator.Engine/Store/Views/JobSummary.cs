using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store.Views;

/// <summary>A job as one line of a list.</summary>
public sealed record JobSummary
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required string Owner { get; init; }

    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    public required JobPhase Phase { get; init; }

    /// <summary>Why it is in its phase, for a person.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset PhaseSince { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the next decision is due; null = nothing is.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Number of the newest attempt; 0 = none yet.</summary>
    public required int Attempt { get; init; }

    public AttemptPhase? AttemptPhase { get; init; }

    /// <summary>The newest attempt's offer; null before the first.</summary>
    public OfferTaken? Offer { get; init; }

    /// <summary>When the newest attempt began to train; null before.</summary>
    public DateTimeOffset? TrainingStartedAt { get; init; }

    /// <summary>Step the newest attempt resumed from; null = from the start.</summary>
    public long? RestoredStep { get; init; }

    /// <summary>Its host is kept for a look after the job has failed; null = it is not.</summary>
    public HoldView? Hold { get; init; }

    /// <summary>What is being paid now, over all live attempts.</summary>
    public required Money PricePerHour { get; init; }

    public required Money Cost { get; init; }

    public Money? MaxTotal { get; init; }

    /// <summary>The job that it takes up again; null = it is none's retry.</summary>
    public long? RetryOf { get; init; }

    public required int Interruptions { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What was last found out about the deadline; null = nobody has looked yet.</summary>
    public DeadlineNet? Net { get; init; }

    /// <summary>Null = it belongs to no batch.</summary>
    public BatchPart? Batch { get; init; }

    public ProgressView? Progress { get; init; }

    /// <summary>Newest verified checkpoint; null = none.</summary>
    public CheckpointView? LastCheckpoint { get; init; }
}
