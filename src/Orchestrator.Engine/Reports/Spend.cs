using Orchestrator.Spending;

namespace Orchestrator.Engine.Reports;

/// <summary>Where money went, as <c>cost</c> tells it apart; the parts add up to the total.</summary>
/// <param name="Compute">Cards, but for what is lost work.</param>
/// <param name="Disk">Disks.</param>
/// <param name="Moves">Gigabytes in and out, at the hosts' prices and at the stores'.</param>
/// <param name="LostWork">Compute between the last checkpoint in the store and an interruption.</param>
/// <param name="NeverBooted">Everything of instances whose infrastructure failed before anything was trained there.</param>
public sealed record Spend(Money Compute, Money Disk, Money Moves, Money LostWork, Money NeverBooted)
{
    public static readonly Spend None = new(Money.Zero, Money.Zero, Money.Zero, Money.Zero, Money.Zero);

    public Money Total => Compute + Disk + Moves + LostWork + NeverBooted;

    public static Spend operator +(Spend one, Spend other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new(one.Compute + other.Compute, one.Disk + other.Disk, one.Moves + other.Moves, one.LostWork + other.LostWork, one.NeverBooted + other.NeverBooted);
    }

    public static Spend Add(Spend one, Spend other) => one + other;

    /// <summary>What an instance has cost within a time; it is taken to have cost the same all its life.</summary>
    public static Spend Of(InstanceCost cost, ReportPeriod period)
    {
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentNullException.ThrowIfNull(period);
        var metered = cost.Metered;
        return cost.NeverBooted
            ? None with { NeverBooted = Part(metered.Total) }
            : new(Part(metered.Compute - cost.LostWork), Part(metered.Disk), Part(metered.Moves + metered.Egress), Part(cost.LostWork), Money.Zero);

        Money Part(Money whole) => period.PartOf(whole, cost.Life.CreatedAt, cost.Life.GoneAt);
    }
}
