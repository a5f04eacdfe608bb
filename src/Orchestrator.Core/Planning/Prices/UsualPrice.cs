using Orchestrator.Offers;

namespace Orchestrator.Planning.Prices;

/// <summary>What a card cost in the hours before this one, over all providers.</summary>
/// <param name="Gpu">Canonical name; null = offers without a GPU.</param>
/// <param name="Capacity">How it is rented.</param>
/// <param name="Hours">In how many hours it was seen.</param>
/// <param name="Lowest">Median over those hours of the lowest price per card.</param>
/// <param name="Median">Median over those hours of the usual offer's price.</param>
public sealed record UsualPrice(string? Gpu, CapacityType Capacity, int Hours, Money Lowest, Money Median)
{
    /// <summary>The hour of the week that it is now; null where too few weeks were seen.</summary>
    public UsualHour? Now { get; init; }

    /// <summary>The hour of the week in which the lowest price is lowest; null as above.</summary>
    public UsualHour? Cheapest { get; init; }
}
