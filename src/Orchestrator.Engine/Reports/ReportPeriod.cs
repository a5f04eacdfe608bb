using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Reports;

/// <summary>The time that a report is about: what happens at its first instant belongs to the one before, so that adjacent times share nothing.</summary>
public sealed record ReportPeriod(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The newest weekend that has begun: Friday 18:00 to Monday 09:00, or to now while it lasts.</summary>
    public static ReportPeriod Weekend(DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var friday = today.AddDays(-(((int)today.DayOfWeek - (int)DayOfWeek.Friday + 7) % 7));
        var from = Calendar.Resolve(friday.AddHours(18), zone);
        if (from > now)
        {
            friday = friday.AddDays(-7);
            from = Calendar.Resolve(friday.AddHours(18), zone);
        }

        var to = Calendar.Resolve(friday.AddDays(3).AddHours(9), zone);
        return new(from, to < now ? to : now);
    }

    public bool Contains(DateTimeOffset? at) => at > From && at <= To;

    /// <summary>
    /// Of an amount that is spread evenly over a time the part that falls into this one. Parts of adjacent times add up to the whole, to the
    /// micro-dollar.
    /// </summary>
    public Money PartOf(Money whole, DateTimeOffset begin, DateTimeOffset end) => UpTo(To, whole, begin, end) - UpTo(From, whole, begin, end);

    private static Money UpTo(DateTimeOffset at, Money whole, DateTimeOffset begin, DateTimeOffset end) =>
        at >= end ? whole
        : at <= begin ? Money.Zero
        : new((long)((Int128)whole.MicroDollars * (at - begin).Ticks / (end - begin).Ticks));
}
