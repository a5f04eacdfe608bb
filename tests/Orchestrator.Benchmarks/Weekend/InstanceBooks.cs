using System.Globalization;
using Orchestrator.Emulators;

namespace Orchestrator.Drills.Weekend;

/// <summary>One rented instance in our ledger, over all jobs that had it, and at the cloud. Dollars.</summary>
internal sealed record InstanceBooks(string Provider, string Instance)
{
    /// <summary>Charges come in fractions of a micro-dollar, an hour each.</summary>
    private const decimal Rounding = 0.0001m;

    /// <summary>Jobs that had it, one after the other.</summary>
    public int Owners { get; init; }

    /// <summary>By our own meter.</summary>
    public decimal Metered { get; init; }

    /// <summary>Our meter will not change any more.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>What we took over of the provider's own charges; null = nothing.</summary>
    public decimal? Charged { get; init; }

    public bool IsSettled { get; init; }

    /// <summary>Whether the provider publishes what it charges.</summary>
    public bool Publishes { get; init; }

    /// <summary>Null: the cloud knows of no such instance.</summary>
    public EmulatedBill? Bill { get; init; }

    public decimal Billed => (decimal)(Bill?.Amount ?? 0);

    /// <summary>What is not reconciled to the cent.</summary>
    public decimal Apart => Publishes ? Math.Abs((Charged ?? 0) - Billed) : 0;

    /// <summary>What is not as it should be, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (Bill is null)
        {
            yield return $"{Provider} knows no instance {Instance}";
            yield break;
        }

        if (Math.Abs(Metered - Billed) > Math.Max(0.02m, Billed * 0.01m))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{Provider} {Instance}: our meter says ${Metered:0.0000}, the bill ${Billed:0.0000} for ${Bill.PerHour:0.00}/h");
        }

        if (!IsFrozen)
        {
            yield return $"{Provider} {Instance}: our meter is not frozen";
        }

        if (Publishes && (Charged is null || !IsSettled || Apart > Rounding))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{Provider} {Instance}: we settled for ${Charged:0.0000} (settled: {IsSettled}), the bill is ${Billed:0.0000}");
        }
    }
}
