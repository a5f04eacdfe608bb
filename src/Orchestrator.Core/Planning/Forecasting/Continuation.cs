using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// What an hour of work is expected to cost after an interruption: on what is best of the market as it stands, and once there
/// were as many interruptions as the spec allows, on the best on-demand capacity; a little more than either asks, since the best
/// has just been lost. One price for all offers, made of nothing but the two best: so an offer that becomes cheaper never helps
/// the others more than itself, and one that is worse than another changes nothing.
/// </summary>
/// <param name="PerWork">Dollars per hour of work, by part.</param>
/// <param name="Market">The best of all.</param>
/// <param name="OnDemand">The best that is not interruptible; the same where there is none.</param>
/// <param name="Share">Share of the work that <paramref name="Market"/> does.</param>
/// <param name="Outcomes">What it may turn out to be per hour of work, each as likely as the others, lowest first; their mean is the expected one.</param>
internal sealed record Continuation(PartCosts PerWork, Candidate Market, Candidate OnDemand, double Share, ImmutableArray<double> Outcomes)
{
    /// <summary>Ways in which a leg may end that are told apart: done, and interrupted early, in the middle or late.</summary>
    public const int MostEnds = 4;

    /// <summary>Interruptions that are looked ahead; hardly any work is left after so many.</summary>
    private const int MostAhead = 100;

    public double Total { get; } = PerWork.Total;

    /// <param name="request">What is planned.</param>
    /// <param name="estimator">Judges offers.</param>
    /// <param name="best">The offer that finishes cheapest, by itself.</param>
    /// <param name="onDemand">The best of those that are not interruptible.</param>
    public static Continuation? Of(PlanRequest request, Estimator estimator, Candidate? best, Candidate? onDemand)
    {
        if (best is not { } market)
        {
            return null;
        }

        var calm = onDemand ?? market;
        var work = UsualLeft(estimator.Work);
        var share = onDemand is null ? 1 : ShareOfMarket(request, work);
        var most = 2 * MostEnds * _prices.Length;
        var spread = new OutcomeSpread(stackalloc double[most], stackalloc double[most]);
        var parts = PartOf(estimator, market, work, share, ref spread);
        if (share < 1)
        {
            parts += PartOf(estimator, calm, work, 1 - share, ref spread);
        }

        return new Continuation(parts, market, calm, share, spread.Likely(parts.Total));
    }

    private static PartCosts PartOf(Estimator estimator, in Candidate one, double work, double share, ref OutcomeSpread spread)
    {
        var offer = one.AtBid;
        var look = estimator.Of(offer, one.Bid);
        Span<LegEnd> ends = stackalloc LegEnd[MostEnds];
        estimator.EndsOfAgain(look, offer, work, ends);
        foreach (var times in _prices)
        {
            spread.Add(share / _prices.Length, ends, work, look.PerWork.Total, times);
        }

        return look.PerWork * (Priors.NextOverBest * share);
    }

    /// <summary>
    /// How much of what the first interruption leaves is done before the spec asks for on-demand capacity. By the usual life of a
    /// bid, not by that of the best offer: were it the offer's, a calmer one could become the choice because a worse one came.
    /// </summary>
    private static double ShareOfMarket(PlanRequest request, double work)
    {
        if (request.Reliability.Capacity != CapacityChoice.Auto)
        {
            return 1;
        }

        var left = work;
        var ahead = Math.Clamp(request.Reliability.OnDemandAfter - request.Interruptions - 1L, 0, MostAhead);
        for (var step = 0; step < ahead; step++)
        {
            left = UsualLeft(left);
        }

        return 1 - (left / work);
    }

    /// <summary>Hours of work that are left when a usual bid on a marketplace is interrupted.</summary>
    private static double UsualLeft(double work)
    {
        var (chance, lived) = _usual.Of(work);
        return chance < 1 - 1e-9 ? (work - lived) / (1 - chance) : work / 2;
    }

    /// <summary>What the best of the market asks at another time, against now (judged): it widens the 90 % figure, not the mean.</summary>
    private static readonly double[] _prices = [0.75, 1, 1.5];

    private static readonly Survival _usual = new(Hazard.UsualRate(OfferTier.Marketplace, CapacityType.Interruptible), Priors.LifeStrength, 0);
}
