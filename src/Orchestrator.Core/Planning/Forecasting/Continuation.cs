using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// What an hour of work is expected to cost after an interruption: on the next-best offers of the market as it stands, and
/// once there were as many interruptions as the spec allows, on on-demand capacity alone. One price for all offers: were it
/// priced for each without itself, an offer that becomes cheaper could help the others more than itself.
/// </summary>
/// <param name="PerWork">Dollars per hour of work, by part.</param>
/// <param name="Offers">What the first interruption leads to, by its share, best first.</param>
/// <param name="Outcomes">What it may turn out to be per hour of work, each as likely as the others, lowest first; their mean is the expected one.</param>
internal sealed record Continuation(PartCosts PerWork, ImmutableArray<NextOffer> Offers, ImmutableArray<double> Outcomes)
{
    /// <summary>Offers looked at; beyond, shares are below one in a thousand.</summary>
    public const int Most = 8;

    /// <summary>Interruptions that are looked ahead before the rest is taken to go on alike.</summary>
    private const int MostAhead = 6;

    public double Total { get; } = PerWork.Total;

    /// <param name="request">What is planned.</param>
    /// <param name="estimator">Judges offers.</param>
    /// <param name="all">The best offers.</param>
    /// <param name="onDemand">The best on-demand ones.</param>
    /// <param name="most">Highest bid allowed on an offer.</param>
    public static Continuation? Of(PlanRequest request, Estimator estimator, NextOffers all, NextOffers onDemand, Func<Offer, Money> most)
    {
        if (all.Kept.Count == 0)
        {
            return null;
        }

        // Where there is nothing but on-demand capacity, both are the same.
        using var market = new Ways(estimator, all, most);
        using var onlyOnDemand = onDemand.Kept.Count == 0 || all.Kept.All(kept => kept.Offer.Capacity == CapacityType.OnDemand) ? null : new Ways(estimator, onDemand, most);
        var calm = onlyOnDemand ?? market;
        var policy = request.Reliability;
        var ahead = policy.Capacity == CapacityChoice.Auto ? Math.Max(0, policy.OnDemandAfter - request.Interruptions - 1L) : MostAhead;
        var steps = (int)Math.Min(MostAhead, ahead);

        // Forward: how much work each interruption leaves; then backward: what it costs.
        Span<double> work = stackalloc double[MostAhead + 1];
        work[0] = market.FirstLeft(estimator.Work);
        for (var step = 0; step < steps; step++)
        {
            work[step + 1] = market.LeftAfter(work[step]);
        }

        var next = (ahead > steps ? market : calm).Price(work[steps], null);
        for (var step = steps - 1; step >= 0; step--)
        {
            next = market.Price(work[step], next);
        }

        return next;
    }
}
