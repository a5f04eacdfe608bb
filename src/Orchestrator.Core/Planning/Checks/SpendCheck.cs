using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary><c>max-hourly</c> (disk included), and a budget that could not even pay what is expected.</summary>
internal sealed class SpendCheck(Money? maxHourly, Money? budgetLeft)
{
    public const string Hourly = "over max-hourly";
    public const string Budget = "over the budget";

    /// <summary>Highest price per hour that compute alone may have.</summary>
    public Money MostFor(Money diskPerHour) => maxHourly is { } most ? most - diskPerHour : new Money(long.MaxValue);

    public string HourlyWords(Money perHour) => $"{perHour}/h with disk, max-hourly is {maxHourly}";

    public bool IsOverBudget(Money total) => budgetLeft is { } left && total > left;

    public string BudgetWords(Money total) => $"{total} expected to finish, {budgetLeft} left";
}
