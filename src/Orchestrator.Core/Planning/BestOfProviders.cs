namespace Orchestrator.Planning;

/// <summary>What the kernel may need beyond the best of all: a provider may be barred, and little may be left to spend.</summary>
internal sealed class BestOfProviders
{
    /// <summary>Kept of each provider, whatever the others offer.</summary>
    private const int Most = 5;

    private readonly SortedDictionary<string, Best> _byName = new(StringComparer.Ordinal);
    private string? _name;
    private Best? _newest;

    /// <summary>Offers come provider by provider, so that the last one is asked for again and again.</summary>
    public Best Of(string provider)
    {
        if (_newest is { } known && provider == _name)
        {
            return known;
        }

        if (!_byName.TryGetValue(provider, out var best))
        {
            _byName[provider] = best = new Best(Most);
        }

        (_name, _newest) = (provider, best);
        return best;
    }

    /// <param name="best">The best of all, which are left out.</param>
    /// <param name="cheapest">The cheapest hour; null = nothing fits.</param>
    /// <returns>Best first; the cheapest hour comes last.</returns>
    public IEnumerable<Candidate> Beyond(Best best, Candidate? cheapest)
    {
        var shown = best.Kept.Select(Key).ToHashSet();
        var others = _byName.Values.SelectMany(one => one.Kept).Order().ToList();
        if (cheapest is { } hour)
        {
            others.Add(hour);
        }

        return others.Where(candidate => shown.Add(Key(candidate)));
    }

    private static (string Provider, string Id, Money Bid) Key(Candidate candidate) => (candidate.Offer.Provider, candidate.Offer.Id, candidate.Bid);
}
