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
        Compute(offer, Start(rules.Compute, life), life),
        offer.DiskPerHour.PerHourFor(Sum(Pieces(Start(rules.Disk, life), life.GoneAt, life.Spared.Where(span => span.Billed == BilledParts.None)))),
        offer.DownPerGB.PerGBFor(received) + offer.UpPerGB.PerGBFor(sent),
        offer.EgressPerGB.PerGBFor(fromStore));

    /// <summary>What goes on after a free time begins a unit anew; yet a free time never makes it dearer.</summary>
    private static Money Compute(OfferTaken offer, DateTimeOffset? from, InstanceLife life)
    {
        var whole = offer.Begun(Sum(Pieces(from, life.GoneAt, [])));
        var pieces = Sum(Pieces(from, life.GoneAt, life.Spared.Where(span => span.Billed != BilledParts.All)).Select(offer.Begun));
        return offer.PricePerHour.PerHourFor(pieces < whole ? pieces : whole);
    }

    private static DateTimeOffset? Start(BillingStart from, InstanceLife life) => from == BillingStart.Created ? life.CreatedAt : life.RunningAt;

    /// <summary>What is left of a time without the spans, which may overlap.</summary>
    private static IEnumerable<TimeSpan> Pieces(DateTimeOffset? from, DateTimeOffset until, IEnumerable<SparedSpan> spared)
    {
        if (from is not { } at)
        {
            yield break;
        }

        foreach (var span in spared.OrderBy(span => span.From))
        {
            var end = span.From < until ? span.From : until;
            if (at < end)
            {
                yield return end - at;
            }

            at = span.Until > at ? span.Until : at;
        }

        if (at < until)
        {
            yield return until - at;
        }
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> pieces) => pieces.Aggregate(TimeSpan.Zero, static (sum, piece) => sum + piece);
}
