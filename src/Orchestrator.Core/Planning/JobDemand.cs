using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Planning;

/// <summary>What a job needs of an offer.</summary>
public sealed record JobDemand
{
    /// <summary>GPU alternatives, any of which will do; empty = none needed.</summary>
    public ImmutableArray<GpuRequirement> Gpu { get; init; } = [];

    public required ResourceRequest Resources { get; init; }

    public bool NeedsImage { get; init; }

    /// <summary>Empty = all configured.</summary>
    public ImmutableArray<ProviderChoice> Providers { get; init; } = [];
}
