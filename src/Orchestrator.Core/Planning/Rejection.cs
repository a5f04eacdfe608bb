using Orchestrator.Offers;

namespace Orchestrator.Planning;

/// <param name="Offer">The offer.</param>
/// <param name="Group">The check that failed, for counting: <c>other GPU</c>.</param>
/// <param name="Words">With its numbers: <c>memory 16GB, 24GB needed</c>.</param>
public sealed record Rejection(Offer Offer, string Group, string Words);
