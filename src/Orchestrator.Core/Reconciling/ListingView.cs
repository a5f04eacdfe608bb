using System.Collections.Immutable;

namespace Orchestrator.Reconciling;

/// <summary>One complete listing, reduced to the instances that carry this attempt's label.</summary>
public sealed record ListingView
{
    /// <summary>When the call began (database clock): what was created after it may be missing.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Empty = positively absent in this listing. Ordered by instance id.</summary>
    public required ImmutableArray<InstanceSighting> Instances { get; init; }
}
