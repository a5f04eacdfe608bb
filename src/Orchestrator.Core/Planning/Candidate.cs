using Orchestrator.Offers;

namespace Orchestrator.Planning;

/// <summary>An offer that would do, and what it is ranked by. Smaller is better.</summary>
/// <param name="IsLate">It misses the deadline.</param>
/// <param name="First">What the plan optimises: micro-dollars or milliseconds.</param>
/// <param name="Second">What decides between equals.</param>
/// <param name="Bid">Price per hour.</param>
/// <param name="Offer">The offer.</param>
internal readonly record struct Candidate(bool IsLate, long First, long Second, Money Bid, Offer Offer) : IComparable<Candidate>
{
    /// <summary>As it would be rented.</summary>
    public Offer AtBid => Offer.PricePerHour == Bid ? Offer : Offer with { PricePerHour = Bid };

    /// <summary>Dollars per hour of work if others like it follow; no part of the order.</summary>
    public double PerWork { get; init; }

    /// <summary>Hours at the bid that is done soonest; no part of the order.</summary>
    public double Fastest { get; init; }

    public int CompareTo(Candidate other)
    {
        var order = IsLate.CompareTo(other.IsLate);
        order = order != 0 ? order : First.CompareTo(other.First);
        order = order != 0 ? order : Second.CompareTo(other.Second);
        order = order != 0 ? order : Bid.CompareTo(other.Bid);
        return order != 0 ? order : OfferOrder.Instance.Compare(Offer, other.Offer);
    }

    public static bool operator <(Candidate a, Candidate b) => a.CompareTo(b) < 0;
    public static bool operator >(Candidate a, Candidate b) => a.CompareTo(b) > 0;
    public static bool operator <=(Candidate a, Candidate b) => a.CompareTo(b) <= 0;
    public static bool operator >=(Candidate a, Candidate b) => a.CompareTo(b) >= 0;
}
