using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Providers;

/// <summary>One instance as its provider lists it.</summary>
public sealed record ListedInstance
{
    public required string InstanceId { get; init; }

    /// <summary>The host on whose books it is (<c>ssh/box1</c>); null where the provider's ids say it all.</summary>
    public string? Host { get; init; }

    public required string Label { get; init; }

    public required InstanceStatus Status { get; init; }

    /// <summary>The provider's own words for the status.</summary>
    public string Words { get; init; } = "";

    /// <summary>When it ends by itself; null = this list does not tell.</summary>
    public RentalTerm? Term { get; init; }

    /// <summary>What it costs now, its disk included where the provider tells that; null = this list does not tell.</summary>
    public Money? PerHour { get; init; }

    /// <summary>Since when it is billed, by the provider's clock; null = this list does not tell, or it is not yet.</summary>
    public DateTimeOffset? BilledFrom { get; init; }

    /// <summary>What of it is billed in the state it is in, by the provider's documents; all of it where they leave that open.</summary>
    public BilledParts Billed { get; init; }
}
