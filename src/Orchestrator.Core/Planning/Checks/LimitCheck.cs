using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>Nothing is rented for money before somebody has said how much it may be in all; own machines may have a price.</summary>
internal sealed class LimitCheck(bool hasLimit) : Check
{
    public override string? Rejects(Offer offer) => hasLimit || offer.IsOwnOrFree ? null : "needs budget.max-total";

    public override string Words(Offer offer) =>
        $"it costs {offer.PricePerHour}/h and nobody has said what the job may cost in all: add budget: {{max-total: $20}} to the spec; without it only own machines are used";
}
