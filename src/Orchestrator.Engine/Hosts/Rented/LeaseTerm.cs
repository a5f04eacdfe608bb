using Orchestrator.Protocol;

namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>How long a rented host may go on when nobody is heard of any more; the budget pays for its ending too.</summary>
public static class LeaseTerm
{
    /// <summary>A lease that a restart of the server outlasts would end what should go on; a budget that is all but spent gives this much.</summary>
    private static readonly TimeSpan _least = TimeSpan.FromMinutes(10);

    /// <summary>We wipe it ourselves if we can.</summary>
    private static readonly TimeSpan _leastHeld = TimeSpan.FromMinutes(2);

    /// <param name="asked">The spec's <c>reliability.host-lease</c>.</param>
    /// <param name="left">Of the job's budget; null = it has none.</param>
    /// <param name="perHour">What the host costs, disk included.</param>
    /// <param name="held">What is left of the time for which the host of a failed job is kept; null = it is not. Nothing on it waits to be stored.</param>
    public static TimeSpan Of(TimeSpan asked, Money? left, Money perHour, TimeSpan? held = null) => held is { } kept
        ? Lesser(Of(asked, left, perHour), kept > _leastHeld ? kept : _leastHeld)
        : Of(asked, left, perHour);

    private static TimeSpan Of(TimeSpan asked, Money? left, Money perHour)
    {
        if (left is not { } money || perHour <= Money.Zero)
        {
            return asked;
        }

        var paid = TimeSpan.FromHours(Math.Clamp((double)money.MicroDollars / perHour.MicroDollars, 0, 1e6)) - LeaseEnding.Longest;
        paid = paid < _least ? _least : paid;
        return Lesser(paid, asked);
    }

    private static TimeSpan Lesser(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
