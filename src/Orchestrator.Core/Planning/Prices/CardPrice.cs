using Orchestrator.Offers;

namespace Orchestrator.Planning.Prices;

/// <summary>What one kind of card costs at one provider now.</summary>
/// <param name="Gpu">Canonical name; null = offers without a GPU.</param>
/// <param name="Capacity">How it is rented.</param>
/// <param name="Provider">Where.</param>
/// <param name="Offers">How many were seen.</param>
/// <param name="Lowest">Per card and hour; the whole machine's without a GPU.</param>
/// <param name="Median">Of all offers, the lower one of two in the middle.</param>
public sealed record CardPrice(string? Gpu, CapacityType Capacity, string Provider, int Offers, Money Lowest, Money Median);
