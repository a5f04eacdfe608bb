using Orchestrator.Attempts;

namespace Orchestrator.Spending;

/// <summary>
/// Meters an instance by the rules of its provider. A job's budget is held to <see cref="AttemptCosts"/>, which is never below this: it
/// counts from the create call on, whatever is free.
/// </summary>
public static class Meter
{
    /// <param name="offer">What was rented.</param>
    /// <param name="rules">Of its provider.</param>
    /// <param name="life">When it was what.</param>
    /// <param name="received">Bytes that the host received, the image among them.</param>
    /// <param name="fromStore">Of these, what came out of a store.</param>
    /// <param name="sent">Bytes that it sent.</param>
    public static Metered Of(OfferTaken offer, BillingRules rules, InstanceLife life, long received, long fromStore, long sent) => new(
        offer.PricePerHour.PerHourFor(offer.Begun(Between(Start(rules.Compute, life), life.StoppedAt, life.GoneAt))),
        offer.DiskPerHour.PerHourFor(Between(Start(rules.Disk, life), rules.DiskWhileStopped ? null : life.StoppedAt, life.GoneAt)),
        offer.DownPerGB.PerGBFor(received) + offer.UpPerGB.PerGBFor(sent),
        offer.EgressPerGB.PerGBFor(fromStore));

    private static DateTimeOffset? Start(BillingStart from, InstanceLife life) => from == BillingStart.Created ? life.CreatedAt : life.RunningAt;

    private static TimeSpan Between(DateTimeOffset? from, DateTimeOffset? stopped, DateTimeOffset gone)
    {
        var until = stopped < gone ? stopped.Value : gone;
        return from < until ? until - from.Value : TimeSpan.Zero;
    }
}
