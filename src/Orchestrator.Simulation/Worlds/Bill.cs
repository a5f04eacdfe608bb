using Orchestrator.Offers;

namespace Orchestrator.Simulation.Worlds;

/// <summary>What a provider charges for one instance.</summary>
internal static class Bill
{
    private const double MonthHours = 730;

    public static CostParts Of(SimulatedInstance instance, SimulatedAgent? agent, SimulatedWork work, Money egressPerGB, DateTimeOffset now)
    {
        var offer = instance.Offer;
        var end = instance.DestroyedAt ?? now;
        // An instance that its provider has stopped or taken is not charged for; one that is only silent is. The disk always is.
        var computed = instance.Fate.Loss != LossKind.Silent && instance.LostAt < end ? instance.LostAt : end;
        var stopped = instance.Fate.Fault == BootFault.Stopped ? instance.CreatedAt + instance.Fate.Boot : computed;
        var image = instance.RunsFrom < end ? work.ImageGB : 0;
        return new CostParts
        {
            Compute = offer.PricePerHour.PerHourFor(Begun(offer, (stopped < computed ? stopped : computed) - instance.CreatedAt)),
            Disk = Dollars(offer.DiskPerGBMonth, work.DiskGB * (end - instance.CreatedAt).TotalHours / MonthHours),
            Moves = Dollars(offer.DownPerGB, image + (agent?.Received ?? 0)) + Dollars(offer.UpPerGB, agent?.Sent ?? 0),
            StoreEgress = Dollars(egressPerGB, agent?.FromStore ?? 0),
        };
    }

    /// <summary>Begun units are charged whole.</summary>
    private static TimeSpan Begun(Offer offer, TimeSpan time) =>
        new((time.Ticks + offer.BillingUnit.Ticks - 1) / offer.BillingUnit.Ticks * offer.BillingUnit.Ticks);

    private static Money Dollars(Money each, double count) => new((long)Math.Ceiling(each.MicroDollars * Math.Max(0, count)));
}
