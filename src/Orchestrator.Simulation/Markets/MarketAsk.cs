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
    private readonly bool _bids;
    private Slot _known = new(long.MinValue, null, 0, 0);

    public MarketAsk(ulong seed, Offer template, int card, bool bids)
    {
        _seed = seed;
        Template = template;
        Card = card;
        _bids = bids;
        var random = Draws.At(seed, 1);
        // Fitted: a median offer shows in 17 % of the searches of six hours, and two in five asks change their id meanwhile.
        _slot = (long)(Math.Clamp(random.LogNormal(6, 0.78), 0.6, 200) * TimeSpan.TicksPerHour);
        _phase = (long)(random.NextDouble() * _slot);
    }

    /// <summary>At the price of the market's usual hour.</summary>
    public Offer Template { get; }

    public int Card { get; }

    /// <summary>Id of the offer that is listed at this instant; null while the ask is rented or withdrawn. The last slot is kept; not for several threads.</summary>
    public string? ListedAt(DateTimeOffset now)
    {
        var ticks = now.UtcTicks + _phase;
        var slot = ticks / _slot;
        if (slot != _known.Number)
        {
            _known = SlotOf(slot);
        }

        var passed = (ticks % _slot) / (double)_slot;
        return _known.Id is { } id && passed >= _known.From && passed < _known.Until ? id : null;
    }

    /// <summary>A search shows about three quarters of what is there.</summary>
    public bool IsShown(DateTimeOffset now) => Draws.Share(_seed, 3, (ulong)now.UtcTicks) < 0.77;

    private Slot SlotOf(long number)
    {
        var random = Draws.At(_seed, 2, (ulong)number);
        if (random.Chance(Taken))
        {
            return new Slot(number, null, 0, 0);
        }

        var from = 0.5 * random.NextDouble();
        return new Slot(number, IdAt(number), from, 1 - (0.4 * random.NextDouble()));
    }

    /// <summary>The same cards are sold under one number in both ways.</summary>
    private string IdAt(long slot)
    {
        var number = (Draws.Mix(_seed, (ulong)slot) % 90_000_000) + 10_000_000;
        return number.ToString(CultureInfo.InvariantCulture) + (_bids ? "/bid" : "");
    }

    /// <param name="Number">Which slot of time.</param>
    /// <param name="Id">Of its offer; null = it is rented all along.</param>
    /// <param name="From">Share of the slot from which on it is listed.</param>
    /// <param name="Until">Share of the slot until which it is.</param>
    private readonly record struct Slot(long Number, string? Id, double From, double Until);
}
