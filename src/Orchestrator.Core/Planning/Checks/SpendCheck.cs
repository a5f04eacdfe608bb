using Orchestrator.Offers;
using Orchestrator.Planning.Forecasting;
using Orchestrator.Spending;

namespace Orchestrator.Planning.Checks;

/// <summary><c>max-hourly</c> (disk included), what the limits of the server and of the account leave, and a budget that could not even pay what is expected.</summary>
internal sealed class SpendCheck(Money? maxHourly, Money? budgetLeft, RoomLeft? room)
{
    public const string Hourly = "over max-hourly";
    public const string Budget = "over the budget";

    /// <summary>What other jobs cost leaves too little of the limits in <c>orchestrator.yaml</c>.</summary>
    public const string Room = "beyond the server's limits";

    /// <summary>Highest price per hour that compute alone may have.</summary>
    private Money MostFor(Money diskPerHour) => maxHourly is { } most ? most - diskPerHour : new Money(long.MaxValue);

    /// <summary>The prices worth paying for the offer, lowest first; or the group of the rejection where none may be paid.</summary>
    public string? Prices(Offer offer, Money diskPerHour, Span<Money> prices, out int count)
    {
        var most = MostFor(diskPerHour);
        count = Bids.Of(offer, most, prices);
        if (count == 0)
        {
            return Hourly;
        }

        if (offer.Warm is not null)
        {
            // Its room is taken already, by the job that gives it.
            return null;
        }

        count = room?.MostPerHourAt(offer.Provider) - diskPerHour is { } left && left < most ? Bids.Of(offer, left, prices) : count;
        return count == 0 ? Room : null;
    }

    public string RoomWords(string provider, Money perHour) => room?.LackAt(provider, perHour)?.Words ?? "";

    public string HourlyWords(Money perHour) => $"{perHour}/h with disk, max-hourly is {maxHourly}";

    public bool IsOverBudget(Money total) => budgetLeft is { } left && total > left;

    public string BudgetWords(Money total) => $"{total} expected to finish, {budgetLeft} left";
}
