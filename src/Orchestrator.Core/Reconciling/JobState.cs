using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Spending;

namespace Orchestrator.Reconciling;

/// <summary>Everything the kernel knows of a job: the fold of its events.</summary>
public sealed record JobState
{
    public JobId Id { get; init; }

    /// <summary>The installation's epoch, part of the next attempt's label and object keys; see <see cref="Attempt.Epoch"/> for those there are.</summary>
    public string Epoch { get; init; } = "";

    public string Name { get; init; } = "";

    public JobTerms Terms { get; init; } = new();

    public JobPhase Phase { get; init; }

    /// <summary>Why it is in its phase, in words for a person.</summary>
    public string PhaseReason { get; init; } = "";

    public DateTimeOffset PhaseSince { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Number of events applied.</summary>
    public long Seq { get; init; }

    /// <summary>All attempts, oldest first, ended ones too.</summary>
    public ImmutableArray<Attempt> Attempts { get; init; } = [];

    /// <summary>Verified checkpoints that may be restored, oldest first.</summary>
    public ImmutableArray<CheckpointRef> Checkpoints { get; init; } = [];

    /// <summary>The newest of those that continue what the job holds; a late one is shown only. Null = none.</summary>
    [JsonIgnore]
    public CheckpointRef? NewestCheckpoint
    {
        get
        {
            for (var i = Checkpoints.Length - 1; i >= 0; i--)
            {
                if (!Checkpoints[i].Late)
                {
                    return Checkpoints[i];
                }
            }

            return null;
        }
    }

    /// <summary>Reported by an agent, not verified yet; a verification is owed for each.</summary>
    public ImmutableArray<CheckpointRef> Unverified { get; init; } = [];

    /// <summary>Out of retention; a deletion is owed for each.</summary>
    public ImmutableArray<RetiredCheckpoint> Retired { get; init; } = [];

    /// <summary>Manifest keys found damaged or deleted: never adopted again.</summary>
    public ImmutableArray<string> Rejected { get; init; } = [];

    /// <summary>Another job's checkpoint that is still to be copied for this one; nothing is rented before. Null = there is none.</summary>
    public StartCopy? Start { get; init; }

    /// <summary>How the job shall end once nothing is owed any more; null while it goes on.</summary>
    public JobVerdict? Verdict { get; init; }

    public int Interruptions { get; init; }

    /// <summary>The user's own failures so far, counted against <see cref="JobTerms.Restarts"/>.</summary>
    public int UserFailures { get; init; }

    /// <summary>Attempts in a row that ended before training; drives the back-off.</summary>
    public int FruitlessAttempts { get; init; }

    /// <summary>The next attempt is not planned before this.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>It waits for the server's limits to leave room; null = it does not.</summary>
    public RoomWait? RoomWait { get; init; }

    /// <summary>It waits for its batch to let it begin; null = it does not.</summary>
    public BatchWait? BatchWait { get; init; }

    /// <summary>Since it waits: when only the budget was in the way for the first time; null = it never was.</summary>
    public DateTimeOffset? BeyondBudgetSince { get; init; }

    /// <summary>What is known of its deadline; null before the first look, and without one.</summary>
    public DeadlineNet? Net { get; init; }

    /// <summary>A checkpoint asked for by a person and not answered yet: the inbox row's id.</summary>
    public long? SaveRequest { get; init; }

    /// <summary>The attempt the job counts on: the newest one that is not ending; null when there is none.</summary>
    public Attempt? Current() => Attempts.Length > 0 && Attempts[^1] is { Phase: not AttemptPhase.Ended } last && !last.IsEnding() ? last : null;

    /// <summary>Training time over all attempts by <paramref name="now"/>, whether its work was kept or lost.</summary>
    public TimeSpan Trained(DateTimeOffset now)
    {
        var sum = TimeSpan.Zero;
        foreach (var attempt in Attempts)
        {
            if (attempt.TrainingStartedAt is { } from)
            {
                sum += (attempt.TrainingEndedAt ?? now) - from;
            }
        }

        return sum;
    }

    /// <summary>Training time whose work a checkpoint holds, over all attempts that it was built on, those of the job it was copied from too.</summary>
    public TimeSpan TrainedUpTo(CheckpointRef checkpoint, DateTimeOffset now)
    {
        var sum = TimeSpan.Zero;
        for (var held = checkpoint; held is not null && held.Attempt <= Attempts.Length;)
        {
            if (held.Attempt < 1)
            {
                return sum + (held.TrainedBefore ?? TimeSpan.Zero);
            }

            var attempt = Attempts[held.Attempt - 1];
            if (attempt.TrainingStartedAt is { } from)
            {
                // Where nobody wrote down when it was made, all that was trained there counts.
                var until = held.TakenAt ?? attempt.TrainingEndedAt ?? now;
                sum += until > from ? until - from : TimeSpan.Zero;
            }

            // What it was restored from is of an earlier attempt: the walk ends.
            held = attempt.RestoreFrom is { } older && older.Attempt < attempt.Number ? older : null;
        }

        return sum;
    }

    /// <summary>What the job has cost by <paramref name="now"/>, over all attempts.</summary>
    public Money SpentAt(DateTimeOffset now)
    {
        var sum = Money.Zero;
        foreach (var attempt in Attempts)
        {
            sum += attempt.CostAt(now);
        }

        return sum;
    }

    /// <summary>
    /// Most that it may come to spend beyond what it has, where the limits over all jobs are counted: of a shared budget it takes more as it
    /// needs it, so that what it holds now bounds nothing.
    /// </summary>
    public Money? MostToComeAt(DateTimeOffset now) =>
        Terms.Batch is not { SharesBudget: true } batch ? LeftAt(now)
        : batch.MostOfJob is not { } most ? null : SpentAt(now) is var spent && spent < most ? most - spent : Money.Zero;

    /// <summary>What it may still spend, at least nothing; null = it has no budget.</summary>
    public Money? LeftAt(DateTimeOffset now) =>
        Terms.MaxTotal is not { } most ? null : SpentAt(now) is var spent && spent < most ? most - spent : Money.Zero;
}
