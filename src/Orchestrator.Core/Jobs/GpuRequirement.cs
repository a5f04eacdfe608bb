using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>One acceptable set of GPUs; every figure that is set must hold.</summary>
public sealed record GpuRequirement
{
    /// <summary>Canonical name of the card (see <see cref="Orchestrator.Offers.GpuTable"/>); null accepts any that meets the figures.</summary>
    public string? Model { get; init; }

    /// <summary>How many cards the instance has.</summary>
    public CountRange Count { get; init; } = CountRange.One;

    /// <summary>Nominal memory per card.</summary>
    public SizeRange? Memory { get; init; }

    /// <summary>Nominal memory of all cards together.</summary>
    public SizeRange? TotalMemory { get; init; }

    public CapabilityRange? ComputeCapability { get; init; }

    public GpuInterconnect Interconnect { get; init; } = GpuInterconnect.Any;

    /// <summary>Variables added when this alternative is the one rented.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = SpecText.EmptyMap;
}
