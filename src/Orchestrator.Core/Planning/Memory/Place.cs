using Orchestrator.Offers;

namespace Orchestrator.Planning.Memory;

/// <summary>What observations are pooled by: the host, its kind of card at its provider, its provider and capacity type.</summary>
public sealed record Place
{
    public required string Provider { get; init; }

    /// <summary>As offers name it; null where the provider gives none.</summary>
    public string? Host { get; init; }

    public required OfferTier Tier { get; init; }

    public required CapacityType Capacity { get; init; }

    /// <summary>Canonical name; null without GPU.</summary>
    public string? Gpu { get; init; }

    public static Place Of(Offer offer) => new()
    {
        Provider = offer.Provider,
        Host = offer.Host,
        Tier = offer.Tier,
        Capacity = offer.Capacity,
        Gpu = offer.Gpu,
    };
}
