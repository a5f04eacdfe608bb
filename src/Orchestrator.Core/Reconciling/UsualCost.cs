using Orchestrator.Offers;

namespace Orchestrator.Reconciling;

/// <summary>What a job is expected to cost once the market is as it usually is, where that is clearly less than now.</summary>
/// <param name="Gpu">The card it is best off with now; null = without a GPU.</param>
/// <param name="Capacity">How that card is usually cheapest.</param>
/// <param name="PerHour">Of the whole instance, disk included.</param>
/// <param name="Total">To finish.</param>
/// <param name="Now">The same on the best offer of now.</param>
public sealed record UsualCost(string? Gpu, CapacityType Capacity, Money PerHour, Money Total, Money Now);
