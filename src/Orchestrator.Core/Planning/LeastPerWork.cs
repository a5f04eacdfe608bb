namespace Orchestrator.Planning;

/// <summary>The candidate whose hour of work costs least, each judged by itself; those that miss the deadline after all others.</summary>
internal sealed class LeastPerWork
{
    /// <summary>Null while there was none.</summary>
    public Candidate? Kept { get; private set; }

    public void Add(in Candidate candidate)
    {
        if (!double.IsNaN(candidate.PerWork) && (Kept is not { } kept || IsBefore(candidate, kept)))
        {
            Kept = candidate;
        }
    }

    private static bool IsBefore(in Candidate one, in Candidate other) =>
        one.IsLate != other.IsLate ? other.IsLate
        : one.PerWork < other.PerWork || (one.PerWork == other.PerWork && OfferOrder.Instance.Compare(one.Offer, other.Offer) < 0);
}
