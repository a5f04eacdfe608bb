namespace Orchestrator.Jobs;

/// <summary>At which shares of its budget a person is told.</summary>
public static class BudgetAlerts
{
    /// <summary>The largest share that is reached; null = none yet, or nothing may be spent anyway.</summary>
    public static decimal? Reached(Money spent, Money budget, IEnumerable<decimal> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        decimal? reached = null;
        foreach (var share in shares)
        {
            if (share > (reached ?? 0) && budget > Money.Zero && spent.MicroDollars >= share * budget.MicroDollars)
            {
                reached = share;
            }
        }

        return reached;
    }
}
