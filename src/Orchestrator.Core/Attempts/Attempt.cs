using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Attempts;

/// <summary>The n-th try of a job; owns at most one instance, and stays in the state until nothing is owed for it.</summary>
public sealed record Attempt
{
    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    public required AttemptPhase Phase { get; init; }

    /// <summary>When the phase was entered (database clock).</summary>
    public required DateTimeOffset PhaseSince { get; init; }

    public required DateTimeOffset PlannedAt { get; init; }

    public required OfferTaken Offer { get; init; }

    /// <summary>The launch token, <c>orc-EPOCH-JOB-N</c>: what its agent says it is, and the label of an instance that is rented for it (see <see cref="ListedAs"/>).</summary>
    public required string Label { get; init; }

    /// <summary>The installation's epoch when it was planned: its label and its object keys keep it.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>How often its trainer is asked for checkpoints, as planned; null where the spec or the trainer decides it.</summary>
    public AttemptRhythm? Rhythm { get; init; }

    /// <summary>When the create call was last permitted; null before.</summary>
    public DateTimeOffset? LaunchSentAt { get; init; }

    /// <summary>When a create call was permitted for the first time: from then on something may be billed, whichever call it was. The time in which it was unsettled is taken out.</summary>
    public DateTimeOffset? BilledFrom { get; init; }

    /// <summary>How often a create call was permitted; each after the first only once the one before was proven absent.</summary>
    public int LaunchSends { get; init; }

    /// <summary>Sequence number of the newest LaunchSent event: the create call belongs to the tick that appended it, and to no other.</summary>
    public long LaunchSentSeq { get; init; }

    public string? InstanceId { get; init; }

    public DateTimeOffset? InstanceFoundAt { get; init; }

    /// <summary>Whose instance it was before; null = it was rented for this attempt.</summary>
    public WarmHost? Warm { get; init; }

    /// <summary>What its instance is listed under at the provider.</summary>
    [JsonIgnore]
    public string ListedAs => Warm?.Label ?? Label;

    /// <summary>Since when its host, wiped but for data that others use, may pass to another job of the batch; null = it may not.</summary>
    public DateTimeOffset? OfferedAt { get; init; }

    /// <summary>Whose the instance is now; null = it has not passed on.</summary>
    public HostHeir? PassedTo { get; init; }

    /// <summary>When the rental's end was changed last; older lists say nothing of it.</summary>
    public DateTimeOffset? TermChangedAt { get; init; }

    /// <summary>Since when its provider's record says a higher price than the books; null = it does not.</summary>
    public DateTimeOffset? DearerSince { get; init; }

    /// <summary>Start of the newest complete listing, of an unbroken row of them, that first lacked the label.</summary>
    public DateTimeOffset? AbsentSince { get; init; }

    /// <summary>Instances that carry our label but are not the one on the books; each is owed a destroy.</summary>
    public ImmutableArray<ExtraInstance> Extras { get; init; } = [];

    /// <summary>What extra instances that are gone have cost.</summary>
    public Money ExtraCost { get; init; }

    /// <summary>Bytes of checkpoints that the host is known to have sent, and when that was last heard.</summary>
    public long SentBytes { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Of the newest of them alone: the next one will hardly be smaller.</summary>
    public long NewestSentBytes { get; init; }

    /// <summary>Last agent event that was applied.</summary>
    public long AgentSeq { get; init; }

    /// <summary>Highest checkpoint ordinal reported so far, also of checkpoints that are deleted by now.</summary>
    public int LastOrdinal { get; init; }

    /// <summary>Notes so far; a host that has more to say is not written down without end.</summary>
    public int Notes { get; init; }

    public bool RestoreDecided { get; init; }

    /// <summary>The checkpoint this attempt resumes from; null = from the start.</summary>
    public CheckpointRef? RestoreFrom { get; init; }

    public DateTimeOffset? TrainingStartedAt { get; init; }

    /// <summary>When training ended (exit, drain or loss); with <see cref="TrainingStartedAt"/> it counts against max-runtime.</summary>
    public DateTimeOffset? TrainingEndedAt { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>What a rule over the log said of that exit; null = none said anything.</summary>
    public LogRuleAction? LogSays { get; init; }

    /// <summary>Last step known when the attempt began to end.</summary>
    public long? LastStep { get; init; }

    /// <summary>Why it ends; None while it does not.</summary>
    public EndReason Reason { get; init; }

    /// <summary>The human words for <see cref="Reason"/>.</summary>
    public string Why { get; init; } = "";

    /// <summary>Where its trainer stood when it made no progress, in first lines; null = nobody has looked.</summary>
    public string? Stacks { get; init; }

    /// <summary>How the provider refused the launch; null when it did not.</summary>
    public RefusalKind? Refusal { get; init; }

    /// <summary>When ending was decided.</summary>
    public DateTimeOffset? EndingSince { get; init; }

    /// <summary>Its host was kept for a look after the job had failed; null = it was not.</summary>
    public HeldHost? Held { get; init; }

    public DateTimeOffset? DestroyAcceptedAt { get; init; }

    /// <summary>Null = cleaning was not confirmed.</summary>
    public bool? Wiped { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Final cost, set when the attempt has ended; while it lives <see cref="AttemptCosts"/> computes it.</summary>
    public Money Cost { get; init; }
}
