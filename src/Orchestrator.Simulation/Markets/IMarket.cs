using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Simulation.Markets;

/// <summary>What can be rented, over time.</summary>
public interface IMarket
{
    /// <summary>What one search over all providers shows at this instant, always in the same order.</summary>
    ImmutableArray<Offer> At(DateTimeOffset now);
}
