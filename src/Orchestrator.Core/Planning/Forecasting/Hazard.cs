using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// How long instances live. Their hazard falls with age: of an AWS spot instance's first quarter of an hour 1.3 interruptions
/// per hour are on record, after a day 0.03. A Weibull distribution of fixed shape says that with one number, and keeps the
/// sums of a Gamma prior: in "operational" time, t to the power of the shape, interruptions arrive at a constant rate.
/// </summary>
public static class Hazard
{
    /// <summary>No run is looked at more closely than this: a minute.</summary>
    private const double Shortest = 1d / 60;

    /// <summary>Operational hours of an instance of this age; as many as real ones at <see cref="Priors.RateHours"/>.</summary>
    public static double Operational(double hours) =>
        hours <= 0 ? 0 : Priors.RateHours * Math.Pow(hours / Priors.RateHours, Priors.LifeShape);

    /// <summary>Age at which an instance has so many operational hours.</summary>
    public static double Hours(double operational) =>
        operational <= 0 ? 0 : Priors.RateHours * Math.Pow(operational / Priors.RateHours, 1 / Priors.LifeShape);

    /// <summary>A score is the share of time a host is there; with the usual length of an outage that makes a rate per hour.</summary>
    public static double RateOfScore(double score)
    {
        var believed = Math.Clamp(score, Priors.WorstScore, Priors.BestScore);
        return (1 - believed) / (believed * Priors.OutageHours);
    }

    /// <summary>Interruptions per operational hour before anything was seen.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="price">Its price per hour, or the bid.</param>
    public static double PriorRate(Offer offer, Money price)
    {
        var prior = Priors.Of(offer.Tier);
        var rate = RateOfScore(offer.Score ?? prior.Score);
        return offer.Capacity == CapacityType.Interruptible ? rate + (prior.ReclaimsPerHour * OfPosition(Bids.Position(offer, price))) : rate;
    }

    /// <summary>How the risk of being outbid depends on the bid.</summary>
    /// <param name="position">0 at the floor, 1 at the on-demand price.</param>
    public static double OfPosition(double position) => Priors.HazardAtFloor * Math.Exp(_fall * Math.Clamp(position, 0, 1));

    private static readonly double _fall = Math.Log(Priors.HazardAtOnDemand / Priors.HazardAtFloor);

    /// <summary>Mean time between interruptions, in hours, that stands for the falling hazard over one run.</summary>
    /// <param name="rate">Interruptions per operational hour.</param>
    /// <param name="age">Hours the instance has lived.</param>
    /// <param name="run">Hours it shall live on.</param>
    /// <remarks>A run longer than a life is a row of lives that begin anew, so the mean never passes what one life gives.</remarks>
    public static double MeanBetween(double rate, double age, double run)
    {
        if (rate <= 0)
        {
            return double.PositiveInfinity;
        }

        var first = Math.Max(run, Shortest);
        var expected = rate * Operational(first);
        if (expected > 1 && first > Shortest)
        {
            // Longer than a life: one in which an instance expects just one interruption.
            first = Math.Max(Shortest, Priors.RateHours * Math.Pow(1 / (rate * Priors.RateHours), 1 / Priors.LifeShape));
            expected = rate * Operational(first);
        }

        return first / (age <= 0 ? expected : rate * (Operational(age + first) - Operational(age)));
    }
}
