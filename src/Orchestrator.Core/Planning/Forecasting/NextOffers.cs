using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>The few offers that finish cheapest, each judged by itself, one per host: whoever loses a host loses all of its offers.</summary>
internal sealed class NextOffers(int most)
{
    private readonly List<(double Key, Offer Offer)> _kept = new(most + 1);

    public IReadOnlyList<(double Key, Offer Offer)> Kept => _kept;

    /// <param name="key">Dollars per hour of work.</param>
    /// <param name="offer">The offer.</param>
    public void Add(double key, Offer offer)
    {
        if (double.IsNaN(key) || (_kept.Count == most && !IsBefore(key, offer, _kept[^1])))
        {
            return;
        }

        var place = _kept.FindIndex(kept => IsSameHost(kept.Offer, offer));
        if (place >= 0)
        {
            if (!IsBefore(key, offer, _kept[place]))
            {
                return;
            }

            _kept.RemoveAt(place);
        }

        var at = _kept.FindIndex(kept => IsBefore(key, offer, kept));
        _kept.Insert(at < 0 ? _kept.Count : at, (key, offer));
        if (_kept.Count > most)
        {
            _kept.RemoveAt(most);
        }
    }

    private static bool IsBefore(double key, Offer offer, (double Key, Offer Offer) other) =>
        key < other.Key || (key == other.Key && OfferOrder.Instance.Compare(offer, other.Offer) < 0);

    public static bool IsSameHost(Offer a, Offer b) => a.Provider == b.Provider && (a.Host is not null ? a.Host == b.Host : a.Id == b.Id);
}
