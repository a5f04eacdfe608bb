using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>Dollars spent over time: the cost of each instance, spread evenly over its life.</summary>
public static class BurnCurve
{
    /// <param name="instances">What was rented.</param>
    /// <param name="from">Before it nothing is counted.</param>
    /// <param name="now">The end.</param>
    /// <param name="points">So many stretches of the same length.</param>
    /// <param name="of">Null = of all providers.</param>
    public static ImmutableArray<(DateTimeOffset At, decimal Spent)> Of(ImmutableArray<CostInstance> instances, DateTimeOffset from, DateTimeOffset now, int points, string? of = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        var counted = instances.Where(one => of is null || one.Provider == of).ToList();
        return
        [
            .. Enumerable.Range(0, points + 1).Select(point => from + ((now - from) * ((double)point / points)))
                .Select(at => (at, counted.Sum(one => one.Cost.Total * (Share(one, at, now) - Share(one, from, now))))),
        ];
    }

    /// <summary>The part of its life that is over at an instant, 0 to 1.</summary>
    private static decimal Share(CostInstance one, DateTimeOffset at, DateTimeOffset now)
    {
        var until = one.Until ?? now;
        return at >= until ? 1 : at <= one.From ? 0 : (decimal)((at - one.From) / (until - one.From));
    }
}
