using Orchestrator.Protocol;

namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>How long a rented host may go on when nobody is heard of any more; the budget pays for its ending too.</summary>
public static class LeaseTerm
{
    /// <summary>A lease that a restart of the server outlasts would end what should go on; a budget that is all but spent gives this much.</summary>
    private static readonly TimeSpan _least = TimeSpan.FromMinutes(10);

    /// <param name="asked">The spec's <c>reliability.host-lease</c>.</param>
    /// <param name="left">Of the job's budget; null = it has none.</param>
    /// <param name="perHour">What the host costs, disk included.</param>
    public static TimeSpan Of(TimeSpan asked, Money? left, Money perHour)
    {
        if (left is not { } money || perHour <= Money.Zero)
        {
            return asked;
        }

        var paid = TimeSpan.FromHours(Math.Clamp((double)money.MicroDollars / perHour.MicroDollars, 0, 1e6)) - LeaseEnding.Longest;
        paid = paid < _least ? _least : paid;
        return paid < asked ? paid : asked;
    }
}
