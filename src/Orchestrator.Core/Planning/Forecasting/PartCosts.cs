namespace Orchestrator.Planning.Forecasting;

/// <summary>The parts of a cost, in dollars, before they are rounded.</summary>
internal readonly record struct PartCosts(double Compute, double LostWork, double Disk, double Moves, double StoreEgress, double NeverBoots)
{
    public double Total => Compute + LostWork + Disk + Moves + StoreEgress + NeverBoots;

    public static PartCosts operator +(in PartCosts a, in PartCosts b) =>
        new(a.Compute + b.Compute, a.LostWork + b.LostWork, a.Disk + b.Disk, a.Moves + b.Moves, a.StoreEgress + b.StoreEgress, a.NeverBoots + b.NeverBoots);

    public static PartCosts operator *(in PartCosts a, double factor) =>
        new(a.Compute * factor, a.LostWork * factor, a.Disk * factor, a.Moves * factor, a.StoreEgress * factor, a.NeverBoots * factor);
}
