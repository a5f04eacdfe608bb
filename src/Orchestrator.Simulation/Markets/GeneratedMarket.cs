using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Determinism;
using Orchestrator.Offers;

namespace Orchestrator.Simulation.Markets;

/// <summary>
/// A market with the recorded figures' distributions. Everything is a function of the seed and the instant asked for, so that
/// several policies see the same market in whatever order they look. The last answer is kept, and the first: all policies begin with
/// it. Not for several threads.
/// </summary>
public sealed class GeneratedMarket : IMarket
{
    private readonly ulong _seed;
    private readonly MarketOptions _options;
    private readonly ImmutableArray<MarketAsk> _asks;
    private readonly ImmutableArray<Offer> _shelf;
    private (DateTimeOffset At, ImmutableArray<Offer> Offers) _first;
    private (DateTimeOffset At, ImmutableArray<Offer> Offers) _last;

    public GeneratedMarket(long seed, MarketOptions? options = null)
    {
        _options = options ?? new MarketOptions();
        _seed = StableHash.Of("market", seed.ToString(CultureInfo.InvariantCulture));
        var cards = MarketTables.Cards.Select((card, index) => (Card: card, Index: index))
            .Where(entry => _options.Cards.IsEmpty || _options.Cards.Contains(entry.Card.Name)).ToList();
        var choices = cards.Select(entry => (entry, entry.Card.Weight)).ToArray();
        var drawer = new HostDrawer(_seed, _options);
        var random = Draws.At(_seed, 0);
        var asks = ImmutableArray.CreateBuilder<MarketAsk>();
        for (var number = 0; number < _options.Hosts && choices.Length > 0; number++)
        {
            var (card, index) = HostDrawer.Pick<(CardMarket, int)>(random, choices);
            asks.AddRange(drawer.Draw(number, card, index));
        }

        _asks = asks.DrainToImmutable();
        _shelf = [.. FixedPriceShelf.All(_seed, _options)];
    }

    public ImmutableArray<Offer> At(DateTimeOffset now)
    {
        foreach (var known in (ReadOnlySpan<(DateTimeOffset At, ImmutableArray<Offer> Offers)>)[_last, _first])
        {
            if (!known.Offers.IsDefault && known.At == now)
            {
                return known.Offers;
            }
        }

        _last = (now, Shown(now));
        _first = _first.Offers.IsDefault ? _last : _first;
        return _last.Offers;
    }

    private ImmutableArray<Offer> Shown(DateTimeOffset now)
    {
        var drift = new double[MarketTables.Cards.Length];
        for (var card = 0; card < drift.Length; card++)
        {
            drift[card] = PriceDrift.At(_seed, card, now);
        }

        var offers = ImmutableArray.CreateBuilder<Offer>(_asks.Length);
        foreach (var ask in _asks)
        {
            if (ask.ListedAt(now) is { } id && ask.IsShown(now))
            {
                offers.Add(Priced(ask.Template, id, drift[ask.Card], now));
            }
        }

        foreach (var offer in _shelf)
        {
            if (FixedPriceShelf.IsInStock(_seed, offer, now))
            {
                offers.Add(offer);
            }
        }

        return offers.DrainToImmutable();
    }

    private static Offer Priced(Offer template, string id, double drift, DateTimeOffset now) => template with
    {
        Id = id,
        PricePerHour = Times(template.PricePerHour, drift),
        BidFloor = template.BidFloor is { } floor ? Times(floor, drift) : null,
        OnDemandPerHour = template.OnDemandPerHour is { } full ? Times(full, drift) : null,
        Until = Renewed(template.Until!.Value, now),
    };

    private static Money Times(Money price, double factor) => new((long)Math.Round(price.MicroDollars * factor));

    /// <summary>Owners prolong what has run out.</summary>
    private static DateTimeOffset Renewed(DateTimeOffset until, DateTimeOffset now)
    {
        while (until <= now)
        {
            until = until.AddDays(60);
        }

        return until;
    }
}
