using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>The next-best offers at all their bids, and what going on with the best that will be there is expected to cost.</summary>
internal sealed class Ways
{
    /// <summary>
    /// Chance that the best of many offers at another time is the best of today: each of n is as likely as another to be there,
    /// or one like it, so that the best is there again with 1 - (1 - 1/n)^n; the next follows in the same way, and so on.
    /// </summary>
    private static readonly double _share = 1 - Math.Exp(-1);

    /// <summary>Ways in which a leg may end that are told apart: done, and interrupted early, in the middle or late.</summary>
    public const int MostEnds = 4;

    private readonly List<(Offer Offer, Outlook Look)[]> _offers = [];
    private readonly Estimator _estimator;

    private Ways(Estimator estimator) => _estimator = estimator;

    public static Ways Of(Estimator estimator, NextOffers next, Func<Offer, Money> most)
    {
        var ways = new Ways(estimator);
        Span<Money> bids = stackalloc Money[Bids.Most];
        foreach (var (_, offer) in next.Kept)
        {
            var count = Bids.Of(offer, most(offer), bids);
            var looks = new (Offer, Outlook)[count];
            for (var i = 0; i < count; i++)
            {
                looks[i] = (offer with { PricePerHour = bids[i] }, estimator.Of(offer, bids[i]));
            }

            ways._offers.Add(looks);
        }

        return ways;
    }

    /// <summary>Work that is left when the best offer is interrupted.</summary>
    public double FirstLeft(double work)
    {
        var leg = _estimator.Again(_offers[0][0].Look, _offers[0][0].Offer, work);
        return leg.Interrupted > 1e-9 ? Math.Min(work, leg.Left / leg.Interrupted) : work;
    }

    /// <summary>Work that is left after one more interruption.</summary>
    public double LeftAfter(double work)
    {
        var left = 0d;
        for (var i = First; i < _offers.Count; i++)
        {
            var leg = _estimator.Again(_offers[i][0].Look, _offers[i][0].Offer, work);
            left += ShareOf(i) * (leg.Interrupted > 1e-9 ? Math.Min(work, leg.Left / leg.Interrupted) : work);
        }

        return left;
    }

    /// <param name="work">Hours of work that are left.</param>
    /// <param name="then">What follows the next interruption; null = more of the same.</param>
    public Continuation Price(double work, Continuation? then)
    {
        var ways = new List<(double Total, PartCosts Parts, Offer Offer, Outlook Look)>(_offers.Count);
        foreach (var offer in _offers)
        {
            (double Total, PartCosts Parts, Offer Offer, Outlook Look) best = (double.PositiveInfinity, default, offer[0].Offer, offer[0].Look);
            foreach (var (bid, look) in offer)
            {
                var leg = _estimator.Again(look, bid, work);
                var alike = leg.PerWork(look.PricePerHour / look.Speed.Ratio);
                var rest = then is null || then.Total < alike.Total ? alike : then.PerWork;
                var parts = alike * (leg.Done / work) + rest * (leg.Left / work);
                best = parts.Total < best.Total ? (parts.Total, parts, bid, look) : best;
            }

            ways.Add(best);
        }

        ways.Sort((a, b) => a.Total.CompareTo(b.Total) is not 0 and var order ? order : OfferOrder.Instance.Compare(a.Offer, b.Offer));
        var sum = default(PartCosts);
        var offers = ImmutableArray.CreateBuilder<NextOffer>(ways.Count);
        for (var i = First; i < ways.Count; i++)
        {
            sum += ways[i].Parts * ShareOf(i);
            offers.Add(new NextOffer(ways[i].Offer, ShareOf(i), ways[i].Total));
        }

        var spread = new OutcomeSpread();
        Span<LegEnd> ends = stackalloc LegEnd[MostEnds];
        for (var i = First; i < ways.Count; i++)
        {
            _estimator.EndsOfAgain(ways[i].Look, ways[i].Offer, work, ends);
            spread.Add(ShareOf(i), ends, work, ways[i].Look.PerWork.Total, then);
        }

        return new Continuation(sum, offers.DrainToImmutable(), spread.Likely(sum.Total));
    }

    /// <summary>The best of today is the one that was lost, or somebody else's by then.</summary>
    private int First => _offers.Count > 1 ? 1 : 0;

    private double ShareOf(int rank)
    {
        var before = Math.Pow(1 - _share, rank - First);
        return rank == _offers.Count - 1 ? before : before * _share;
    }
}
