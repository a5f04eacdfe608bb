using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Orchestrator.Offers;

namespace Orchestrator.Planning;

/// <summary>What the kernel may need beyond the best of all: a provider may be barred, and little may be left to spend.</summary>
internal sealed class BestOfProviders
{
    /// <summary>Kept of each provider, whatever the others offer.</summary>
    private const int Most = 5;

    private readonly Dictionary<string, Best> _byName = new(StringComparer.Ordinal);

    public void Add(in Candidate candidate)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, candidate.Offer.Provider, out _);
        known ??= new Best(Most);
        known.Add(candidate);
    }

    /// <param name="best">The best of all, which are left out.</param>
    /// <param name="cheapest">The cheapest hour; null = nothing fits.</param>
    public ImmutableArray<Offer> Beyond(Best best, Candidate? cheapest)
    {
        var shown = best.Kept.Select(candidate => candidate.Offered).ToHashSet();
        var others = _byName.Values.SelectMany(one => one.Kept).Order().Select(candidate => candidate.Offered).Where(shown.Add).ToList();
        if (cheapest is { Offered: var hour } && shown.Add(hour))
        {
            others.Add(hour);
        }

        return [.. others];
    }
}
