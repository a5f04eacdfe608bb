using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>The next-best offers at all their bids, and what going on with the best that will be there is expected to cost.</summary>
internal sealed class Ways : IComparer<Ways.Way>
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
        var ways = new Way[_offers.Count];
        for (var i = 0; i < ways.Length; i++)
        {
            var best = new Way(double.PositiveInfinity, default, i, 0);
            var bids = _offers[i];
            for (var bid = 0; bid < bids.Length; bid++)
            {
                ref readonly var look = ref bids[bid].Look;
                var leg = _estimator.Again(look, bids[bid].Offer, work);
                var alike = leg.PerWork(look.PricePerHour / look.Speed.Ratio);
                var rest = then is null || then.Total < alike.Total ? alike : then.PerWork;
                var parts = alike * (leg.Done / work) + rest * (leg.Left / work);
                best = parts.Total < best.Total ? new Way(parts.Total, parts, i, bid) : best;
            }

            ways[i] = best;
        }

        Array.Sort(ways, this);
        var sum = default(PartCosts);
        var offers = ImmutableArray.CreateBuilder<NextOffer>(ways.Length);
        var spread = new OutcomeSpread(ways.Length * MostEnds * OutcomeSpread.Values);
        Span<LegEnd> ends = stackalloc LegEnd[MostEnds];
        for (var i = First; i < ways.Length; i++)
        {
            ref readonly var one = ref _offers[ways[i].Host][ways[i].Bid];
            sum += ways[i].Parts * ShareOf(i);
            offers.Add(new NextOffer(one.Offer, ShareOf(i), ways[i].Total));
            _estimator.EndsOfAgain(one.Look, one.Offer, work, ends);
            spread.Add(ShareOf(i), ends, work, one.Look.PerWork.Total, then);
        }

        return new Continuation(sum, offers.DrainToImmutable(), spread.Likely(sum.Total));
    }

    /// <summary>Best first.</summary>
    public int Compare(Way x, Way y)
    {
        var order = x.Total.CompareTo(y.Total);
        return order != 0 ? order : OfferOrder.Instance.Compare(_offers[x.Host][x.Bid].Offer, _offers[y.Host][y.Bid].Offer);
    }

    /// <summary>One of the offers at its best bid.</summary>
    /// <param name="Total">Dollars per hour of work from there on.</param>
    /// <param name="Parts">The same, by part.</param>
    /// <param name="Host">Which offer.</param>
    /// <param name="Bid">Which bid on it.</param>
    internal readonly record struct Way(double Total, PartCosts Parts, int Host, int Bid);

    /// <summary>The best of today is the one that was lost, or somebody else's by then.</summary>
    private int First => _offers.Count > 1 ? 1 : 0;

    private double ShareOf(int rank)
    {
        var before = Math.Pow(1 - _share, rank - First);
        return rank == _offers.Count - 1 ? before : before * _share;
    }
}
