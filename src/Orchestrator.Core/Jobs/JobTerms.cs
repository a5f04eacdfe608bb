using System.Collections.Immutable;
using Orchestrator.Batches;

namespace Orchestrator.Jobs;

/// <summary>
/// The part of a spec that the kernel decides by. It is copied into <c>JobSubmitted</c>, so that a decision can be
/// replayed without the spec; everything the trainer needs stays in the spec.
/// </summary>
public sealed record JobTerms
{
    /// <summary>Most the job may cost in all; null = no limit (own machines).</summary>
    public Money? MaxTotal { get; init; }

    public BudgetExhausted OnExhausted { get; init; } = BudgetExhausted.Pause;

    /// <summary>Most that an instance may cost per hour, its disk included; null = no limit. Jobs of older releases have none: only their offers were held to it.</summary>
    public Money? MaxHourly { get; init; }

    /// <summary>Training time allowed over all attempts; null = no limit.</summary>
    public TimeSpan? MaxRuntime { get; init; }

    /// <summary>Training without progress for this long is a stall; null = never (the trainer reports no progress).</summary>
    public TimeSpan? Stall { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether a stall counts from the start of training; false = only once progress was seen, so that a trainer whose
    /// output nobody understands is not killed for it.</summary>
    public bool StallFromStart { get; init; }

    /// <summary>Any of these ends the training for good (<c>progress.stop-when</c>). Jobs of older releases have none.</summary>
    public ImmutableArray<StopClause> StopWhen { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>The job runs in a container.</summary>
    public bool HasImage { get; init; }

    /// <summary>Boot deadline, and time to pull the image; null = the provider's own.</summary>
    public TimeSpan? Boot { get; init; }

    /// <summary>Longest time for data and restore; null = the policy's default.</summary>
    public TimeSpan? Stage { get; init; }

    /// <summary>How long the user's <c>setup</c> may run; null = the spec has none. The agent enforces it, the kernel allows for it.</summary>
    public TimeSpan? Setup { get; init; }

    /// <summary>How often the user's own failure (exit code) is retried.</summary>
    public int Restarts { get; init; }

    /// <summary>Exit codes that are retried within <see cref="Restarts"/>; empty = all.</summary>
    public ImmutableArray<int> RestartOn { get; init; } = [];

    /// <summary>What lines in a failed trainer's log mean (<c>on-failure.log-rules</c>), before what is built in.</summary>
    public ImmutableArray<LogRule> LogRules { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>How long the host of a job that has failed by its own fault is kept for a look; null = it is not. Jobs of older releases have none.</summary>
    public HostKeep? KeepHost { get; init; }

    /// <summary>Interruptions after which the job is given up; null = never.</summary>
    public int? GiveUpAfter { get; init; }

    public bool HasCheckpoints { get; init; }

    /// <summary>Checkpoints to keep, at least 1.</summary>
    public int Keep { get; init; } = 3;

    public AfterSuccess AfterSuccess { get; init; } = AfterSuccess.KeepLast;

    /// <summary>Whether a checkpoint can be asked for (<c>checkpoints.request</c>).</summary>
    public bool CanRequestCheckpoint { get; init; }

    /// <summary>Time between the drain signal and the kill.</summary>
    public TimeSpan DrainGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Instant by which the job should be done, resolved at submit.</summary>
    public DateTimeOffset? Deadline { get; init; }

    public DeadlineMiss OnDeadlineMiss { get; init; } = DeadlineMiss.Continue;

    /// <summary>Not before this instant (<c>schedule.at</c>), resolved at submit.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When the first attempt may begin (<c>schedule.start-window</c>), see <see cref="TimeWindows"/>; empty = at any time. Jobs of older releases have none.</summary>
    public ImmutableArray<TimeWindow> StartWindows { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>When an instance of the job may exist (<c>schedule.run-window</c>), see <see cref="TimeWindows"/>; empty = at any time.</summary>
    public ImmutableArray<TimeWindow> RunWindows { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>The first attempt takes an offer that costs less than this per hour; null = any.</summary>
    public Money? StartBelow { get; init; }

    /// <summary>Null = it belongs to no batch.</summary>
    public BatchTerms? Batch { get; init; }

    /// <summary>-100 to 100, higher first, where jobs stand in line for the server's limits or for their batch.</summary>
    public int Priority { get; init; }
}
