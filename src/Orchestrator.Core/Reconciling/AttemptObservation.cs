using System.Collections.Immutable;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling;

/// <summary>What one tick saw of one attempt.</summary>
public sealed record AttemptObservation
{
    public required int Number { get; init; }

    /// <summary>Newest complete listing of the attempt's provider account; null = Unknown (the call failed or listed only some pages).</summary>
    public ListingView? Listing { get; init; }

    /// <summary>What the attempt's channel has said; null = no channel has ever been open.</summary>
    public AgentView? Agent { get; init; }
}
