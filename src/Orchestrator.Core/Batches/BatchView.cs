using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

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

    /// <summary>Some job of it would take this one's host over now.</summary>
    public bool HasHeir { get; init; }

    /// <summary>One failure ends all.</summary>
    public bool FailFast { get; init; }

    /// <summary>What keeps it from renting: it may begin in the place of a job that gives it its host, and no other way. Null = it may rent as well.</summary>
    public BatchHoldKind? OnlyWarm { get; init; }

    /// <summary>Hosts that it may take over.</summary>
    public ImmutableArray<Offer> Warm { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>How many may run at one time; null = there is no limit.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Most that a job on these terms may hold of the shared budget; null = its budget is its own.</summary>
    public Money? MostFor(JobTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return terms.Batch is { SharesBudget: true } of && Most is { } most ? (of.MostOfJob is { } own && own < most ? own : most) : null;
    }
}
