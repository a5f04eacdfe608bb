namespace Orchestrator.Simulation.Markets;

/// <summary>Cheaper at night and on weekends, and wandering by a few percent from day to day, card by card.</summary>
internal static class PriceDrift
{
    private const double DailyWander = 0.03;

    public static double At(ulong seed, int card, DateTimeOffset now)
    {
        var day = now.UtcTicks / TimeSpan.TicksPerDay;
        var passed = (now.UtcTicks % TimeSpan.TicksPerDay) / (double)TimeSpan.TicksPerDay;
        var wander = (Step(seed, card, day) * (1 - passed)) + (Step(seed, card, day + 1) * passed);
        return (1 + wander) * OfDay(passed * 24) * OfWeek(now);
    }

    /// <summary>Straight lines between the night of America and Europe (7 h UTC) and the evening of Europe (19 h UTC), ±6 %.</summary>
    private static double OfDay(double hour)
    {
        var away = Math.Abs(hour - 19);
        return 1.06 - (0.12 * Math.Min(away, 24 - away) / 12);
    }

    private static double OfWeek(DateTimeOffset now) => now.UtcDateTime.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.97 : 1.012;

    private static double Step(ulong seed, int card, long day) => DailyWander * ((2 * Draws.Share(seed, (ulong)card, (ulong)day)) - 1);
}
