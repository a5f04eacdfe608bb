using System.Globalization;

namespace Orchestrator.Engine.Reports;

/// <summary>When people are told what the weekend came to, once a week, in the server's zone.</summary>
public sealed record ReportTime(DayOfWeek Day, TimeOnly At)
{
    public static readonly ReportTime Usual = new(DayOfWeek.Monday, new(9, 0));

    /// <summary>The newest such instant that has come.</summary>
    public DateTimeOffset LastAt(DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var day = today.AddDays(-(((int)today.DayOfWeek - (int)Day + 7) % 7));
        var at = Specs.Calendar.Resolve(day + At.ToTimeSpan(), zone);
        return at <= now ? at : Specs.Calendar.Resolve(day.AddDays(-7) + At.ToTimeSpan(), zone);
    }

    /// <summary>Names the week of such an instant: told once, whichever server comes to it.</summary>
    public static string KeyOf(DateTimeOffset at, TimeZoneInfo zone)
    {
        var day = TimeZoneInfo.ConvertTime(at, zone).Date;
        return string.Create(CultureInfo.InvariantCulture, $"report {ISOWeek.GetYear(day)}-W{ISOWeek.GetWeekOfYear(day):00}");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Day.ToString()[..3]} {At:HH:mm}");
}
