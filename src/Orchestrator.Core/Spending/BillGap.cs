namespace Orchestrator.Spending;

/// <summary>How far a provider's bill is from our own meter.</summary>
public static class BillGap
{
    public const decimal Share = 0.02m;

    /// <summary>Bills are rounded, and calls take their time.</summary>
    private static readonly Money _least = Money.FromDollars(0.02m);

    /// <summary>0.02 = two percent of the bill; of nothing, whatever we metered is all of it.</summary>
    public static decimal Apart(Money metered, Money billed) => metered == billed ? 0
        : billed == Money.Zero ? 1
        : Math.Abs(metered.Dollars - billed.Dollars) / Math.Abs(billed.Dollars);

    /// <summary>Whether a person is told: over 2 %, and over 2 cents.</summary>
    public static bool IsTold(Money metered, Money billed) =>
        Apart(metered, billed) > Share && Math.Abs((metered - billed).MicroDollars) > _least.MicroDollars;
}
