using System.Buffers;
using System.Runtime.InteropServices;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>The next-best offers at all their bids, and what going on with the best that will be there is expected to cost.</summary>
internal sealed class Ways : IComparer<Ways.Way>, IDisposable
{
    /// <summary>
    /// Chance that the best of many offers at another time is the best of today: each of n is as likely as another to be there,
    /// or one like it, so that the best is there again with 1 - (1 - 1/n)^n; the next follows in the same way, and so on.
    /// </summary>
    private static readonly double _share = 1 - Math.Exp(-1);

    /// <summary>Ways in which a leg may end that are told apart: done, and interrupted early, in the middle or late.</summary>
    public const int MostEnds = 4;

    private readonly Estimator _estimator;
    private readonly List<Bidding> _offers = [];

    /// <summary>By offer and bid; large and needed for a moment, so that the memory is borrowed.</summary>
    private readonly Outlook[] _looks;

    public Ways(Estimator estimator, NextOffers next, Func<Offer, Money> most)
    {
        _estimator = estimator;
        _looks = ArrayPool<Outlook>.Shared.Rent(next.Kept.Count * Bids.Most);
        Span<Money> bids = stackalloc Money[Bids.Most];
        var from = 0;
        foreach (var (_, offer) in next.Kept)
        {
            var count = Bids.Of(offer, most(offer), bids);
            for (var i = 0; i < count; i++)
            {
                _looks[from + i] = estimator.Of(offer, bids[i]);
            }

            _offers.Add(new Bidding(offer, from, count));
            from += count;
        }
    }

    public void Dispose() => ArrayPool<Outlook>.Shared.Return(_looks);

    /// <summary>Work that is left when the best offer is interrupted.</summary>
    public double FirstLeft(double work)
    {
        var leg = _estimator.Again(LookAt(0), _offers[0].Offer, work);
        return leg.Interrupted > 1e-9 ? Math.Min(work, leg.Left / leg.Interrupted) : work;
    }

    /// <summary>Work that is left after one more interruption.</summary>
    public double LeftAfter(double work)
    {
        var left = 0d;
        for (var i = First; i < _offers.Count; i++)
        {
            var leg = _estimator.Again(LookAt(i), _offers[i].Offer, work);
            left += ShareOf(i) * (leg.Interrupted > 1e-9 ? Math.Min(work, leg.Left / leg.Interrupted) : work);
        }

        return left;
    }

    /// <param name="work">Hours of work that are left.</param>
    /// <param name="then">What follows the next interruption; null = more of the same.</param>
    public Continuation Price(double work, Continuation? then)
    {
        Span<Way> ways = stackalloc Way[_offers.Count];
        for (var i = 0; i < ways.Length; i++)
        {
            var best = new Way(double.PositiveInfinity, default, i, 0);
            for (var bid = 0; bid < _offers[i].Bids; bid++)
            {
                ref readonly var look = ref LookAt(i, bid);
                var leg = _estimator.Again(look, _offers[i].Offer, work);
                var alike = leg.PerWork(look.PricePerHour / look.Speed.Ratio);
                var rest = then is null || then.Total < alike.Total ? alike : then.PerWork;
                var parts = alike * (leg.Done / work) + rest * (leg.Left / work);
                best = parts.Total < best.Total ? new Way(parts.Total, parts, i, bid) : best;
            }

            ways[i] = best;
        }

        ways.Sort(this);
        var sum = default(PartCosts);
        var offers = new NextOffer[ways.Length - First];
        var most = ways.Length * MostEnds * OutcomeSpread.Values;
        var spread = new OutcomeSpread(stackalloc double[most], stackalloc double[most]);
        Span<LegEnd> ends = stackalloc LegEnd[MostEnds];
        for (var i = First; i < ways.Length; i++)
        {
            ref readonly var look = ref LookAt(ways[i].Host, ways[i].Bid);
            var offer = _offers[ways[i].Host].Offer;
            sum += ways[i].Parts * ShareOf(i);
            offers[i - First] = new NextOffer(offer, ShareOf(i), ways[i].Total);
            _estimator.EndsOfAgain(look, offer, work, ends);
            spread.Add(ShareOf(i), ends, work, look.PerWork.Total, then);
        }

        return new Continuation(sum, ImmutableCollectionsMarshal.AsImmutableArray(offers), spread.Likely(sum.Total));
    }

    /// <summary>Best first.</summary>
    public int Compare(Way x, Way y)
    {
        var order = x.Total.CompareTo(y.Total);
        return order != 0 ? order : OfferOrder.Instance.Compare(_offers[x.Host].Offer, _offers[y.Host].Offer);
    }

    /// <summary>One of the offers at its best bid.</summary>
    /// <param name="Total">Dollars per hour of work from there on.</param>
    /// <param name="Parts">The same, by part.</param>
    /// <param name="Host">Which offer.</param>
    /// <param name="Bid">Which bid on it.</param>
    internal readonly record struct Way(double Total, PartCosts Parts, int Host, int Bid);

    /// <summary>Where the looks at one offer lie.</summary>
    /// <param name="Offer">The offer.</param>
    /// <param name="From">The first of them.</param>
    /// <param name="Bids">How many.</param>
    private readonly record struct Bidding(Offer Offer, int From, int Bids);

    private ref readonly Outlook LookAt(int host, int bid = 0) => ref _looks[_offers[host].From + bid];

    /// <summary>The best of today is the one that was lost, or somebody else's by then.</summary>
    private int First => _offers.Count > 1 ? 1 : 0;

    private double ShareOf(int rank)
    {
        var before = Math.Pow(1 - _share, rank - First);
        return rank == _offers.Count - 1 ? before : before * _share;
    }
}
