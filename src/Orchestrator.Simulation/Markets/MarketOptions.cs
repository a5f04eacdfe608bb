using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Simulation.Markets;

/// <summary>How large a generated market is.</summary>
public sealed record MarketOptions
{
    /// <summary>Hosts of the open market; each sells one to four sizes, on demand and for bids.</summary>
    public int Hosts { get; init; } = 400;

    /// <summary>Canonical names of the only cards there are; empty = all known to the market.</summary>
    public ImmutableArray<string> Cards { get; init; } = [];

    /// <summary>As large a market as the whole one, with only those cards built that anybody may ask for.</summary>
    public static MarketOptions Of(ImmutableArray<GpuRequirement> wanted, DateTimeOffset start)
    {
        var options = new MarketOptions { Start = start };
        if (wanted.IsEmpty || wanted.Any(alternative => alternative.Model is null))
        {
            return options;
        }

        var cards = wanted.Select(alternative => GpuTable.Find(alternative.Model!)?.Name ?? alternative.Model!).Distinct().ToImmutableArray();
        var share = MarketTables.Cards.Where(card => cards.Contains(card.Name)).Sum(card => card.Weight) / MarketTables.Cards.Sum(card => card.Weight);
        return options with { Cards = cards, Hosts = (int)Math.Ceiling(options.Hosts * share) };
    }

    /// <summary>The instant that the recorded quantiles describe.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);
}
