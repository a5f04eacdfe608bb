using System.Globalization;
using Orchestrator.Offers;

namespace Orchestrator.Simulation.Markets;

/// <summary>
/// A power of two of a host's cards that is for rent now and then. The host stays; each time the ask comes back after it was
/// rented, it carries a new offer id. All of it is a function of the seed and the instant.
/// </summary>
internal sealed class MarketAsk
{
    /// <summary>Share of the time slots in which it is rented to somebody else all along.</summary>
    private const double Taken = 0.32;

    private readonly ulong _seed;
    private readonly long _slot;
    private readonly long _phase;

    public MarketAsk(ulong seed, Offer template, int card, bool bids)
    {
        _seed = seed;
        Template = template;
        Card = card;
        Bids = bids;
        var random = Draws.At(seed, 1);
        // Fitted: a median offer shows in 17 % of the searches of six hours, and two in five asks change their id meanwhile.
        _slot = (long)(Math.Clamp(random.LogNormal(6, 0.78), 0.6, 200) * TimeSpan.TicksPerHour);
        _phase = (long)(random.NextDouble() * _slot);
    }

    /// <summary>At the price of the market's usual hour.</summary>
    public Offer Template { get; }

    public int Card { get; }

    public bool Bids { get; }

    /// <summary>Number of the offer that is listed at this instant; null while the ask is rented or withdrawn.</summary>
    public long? ListedAt(DateTimeOffset now)
    {
        var ticks = now.UtcTicks + _phase;
        var slot = ticks / _slot;
        var random = Draws.At(_seed, 2, (ulong)slot);
        if (random.Chance(Taken))
        {
            return null;
        }

        var passed = (ticks % _slot) / (double)_slot;
        var from = 0.5 * random.NextDouble();
        var until = 1 - (0.4 * random.NextDouble());
        return passed >= from && passed < until ? slot : null;
    }

    /// <summary>A search shows about three quarters of what is there.</summary>
    public bool IsShown(DateTimeOffset now) => Draws.Share(_seed, 3, (ulong)now.UtcTicks) < 0.77;

    /// <summary>The same cards are sold under one number in both ways.</summary>
    public string IdAt(long slot)
    {
        var number = (Draws.Mix(_seed, (ulong)slot) % 90_000_000) + 10_000_000;
        return number.ToString(CultureInfo.InvariantCulture) + (Bids ? "/bid" : "");
    }
}
