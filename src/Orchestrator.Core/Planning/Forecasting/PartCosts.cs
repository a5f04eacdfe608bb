namespace Orchestrator.Planning.Forecasting;

/// <summary>The parts of a cost, in dollars, before they are rounded; with the time they are for, so that both come from one course of things.</summary>
/// <param name="Hours">From the order on, launches in vain included.</param>
/// <param name="Interruptions">How many.</param>
internal readonly record struct PartCosts(
    double Compute, double LostWork, double Disk, double Moves, double StoreEgress, double NeverBoots, double Hours, double Interruptions)
{
    public double Total => Compute + LostWork + Disk + Moves + StoreEgress + NeverBoots;

    public static PartCosts operator +(in PartCosts a, in PartCosts b) => new(
        a.Compute + b.Compute, a.LostWork + b.LostWork, a.Disk + b.Disk, a.Moves + b.Moves, a.StoreEgress + b.StoreEgress, a.NeverBoots + b.NeverBoots,
        a.Hours + b.Hours, a.Interruptions + b.Interruptions);

    public static PartCosts operator *(in PartCosts a, double factor) => new(
        a.Compute * factor, a.LostWork * factor, a.Disk * factor, a.Moves * factor, a.StoreEgress * factor, a.NeverBoots * factor,
        a.Hours * factor, a.Interruptions * factor);
}
