using Orchestrator.Offers;

namespace Orchestrator.Planning;

/// <summary>Of the offers that only the budget speaks against, the cheapest to finish on.</summary>
internal sealed class OverBudget
{
    private Money _total;

    /// <summary>At the price per hour that was looked at; null = there is none.</summary>
    public Offer? Cheapest { get; private set; }

    public void Add(Money total, Offer offer, Money bid)
    {
        if (Cheapest is not { } known || total < _total || (total == _total && OfferOrder.Instance.Compare(offer, known) < 0))
        {
            _total = total;
            Cheapest = offer with { PricePerHour = bid };
        }
    }
}
