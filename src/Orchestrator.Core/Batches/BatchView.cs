using Orchestrator.Jobs;

namespace Orchestrator.Batches;

/// <summary>What a job's batch lets it do, as one tick saw it. It may be stale by the time it is acted on: whoever appends asks once more, under a lock.</summary>
public sealed record BatchView
{
    /// <summary>Why no attempt may begin; null = one may, as far as the budget goes.</summary>
    public BatchHoldKind? Hold { get; init; }

    /// <summary>Most that the job's own budget may be set to; null = the batch has none that is shared.</summary>
    public Money? Most { get; init; }

    /// <summary>The shared budget; null = there is none.</summary>
    public Money? Budget { get; init; }

    /// <summary>Other jobs hold some of the shared budget that they have not spent.</summary>
    public bool OthersHold { get; init; }

    /// <summary>How many may run at one time; null = there is no limit.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Most that a job on these terms may hold of the shared budget; null = its budget is its own.</summary>
    public Money? MostFor(JobTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return terms.Batch is { SharesBudget: true } of && Most is { } most ? (of.MostOfJob is { } own && own < most ? own : most) : null;
    }
}
