using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Simulation.Markets;

/// <summary>Searches that were recorded, each shown until the next one; the last one stays.</summary>
public sealed class RecordedMarket : IMarket
{
    private readonly ImmutableArray<(DateTimeOffset At, ImmutableArray<Offer> Offers)> _searches;

    public RecordedMarket(MarketFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Source = file.Header.Source;
        _searches =
        [
            .. file.Offers.GroupBy(seen => seen.At).OrderBy(group => group.Key)
                .Select(group => (group.Key, group.Select(seen => seen.Offer).ToImmutableArray())),
        ];
    }

    /// <summary>As its header says.</summary>
    public string Source { get; }

    /// <summary>When the first search was made; null = the file holds no offer.</summary>
    public DateTimeOffset? Start => _searches.IsEmpty ? null : _searches[0].At;

    public ImmutableArray<Offer> At(DateTimeOffset now)
    {
        for (var i = _searches.Length - 1; i >= 0; i--)
        {
            if (_searches[i].At <= now || i == 0)
            {
                return _searches[i].Offers;
            }
        }

        return [];
    }
}
