using System.Globalization;
using Orchestrator.Engine.Specs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class CronCalendarTests
{
    private static readonly TimeZoneInfo _berlin = Orchestrator.Engine.Specs.Calendar.Zone("Europe/Berlin")!;

    [Theory]
    [InlineData("0 22 * * 5", "2026-11-20T12:00Z", "2026-11-20T21:00Z", "2026-11-27T21:00Z", "2026-12-04T21:00Z")]
    // An instant is not after itself.
    [InlineData("0 22 * * 5", "2026-11-20T21:00Z", "2026-11-27T21:00Z", "2026-12-04T21:00Z", "2026-12-11T21:00Z")]
    // The same hour on the clock, before and after the change.
    [InlineData("0 22 * * *", "2026-03-27T12:00Z", "2026-03-27T21:00Z", "2026-03-28T21:00Z", "2026-03-29T20:00Z")]
    // 02:30 is skipped on the 29th: the first valid instant after the gap is 03:00 in summer.
    [InlineData("30 2 * * *", "2026-03-28T00:00Z", "2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z")]
    // All of a gap is one instant, also where 03:00 comes by itself.
    [InlineData("*/20 2,3 * * *", "2026-03-29T00:30Z", "2026-03-29T01:00Z", "2026-03-29T01:20Z", "2026-03-29T01:40Z")]
    // 02:30 comes twice on the 25th: the first of the two.
    [InlineData("30 2 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z", "2026-10-27T01:30Z")]
    [InlineData("30 * * * *", "2026-10-24T23:40Z", "2026-10-25T00:30Z", "2026-10-25T02:30Z", "2026-10-25T03:30Z")]
    // Begun in the second pass of the hour.
    [InlineData("*/30 * * * *", "2026-10-25T01:10Z", "2026-10-25T02:00Z", "2026-10-25T02:30Z", "2026-10-25T03:00Z")]
    [InlineData("0 0 29 2 *", "2026-11-20T12:00Z", "2028-02-28T23:00Z", "2032-02-28T23:00Z", "2036-02-28T23:00Z")]
    [InlineData("0 0 13 * fri", "2026-11-20T12:00Z", "2027-08-12T22:00Z", "2028-10-12T22:00Z", "2029-04-12T22:00Z")]
    public void Local_times_become_instants(string cron, string after, string first, string second, string third) =>
        Assert.Equal([At(first), At(second), At(third)], CronCalendar.From(cron, _berlin, At(after)).Take(3));

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    public void Some_never_come(string cron) => Assert.Null(CronCalendar.Next(cron, _berlin, At("2026-11-20T12:00Z")));

    [Theory]
    // Nothing was missed.
    [InlineData("0 22 * * *", "2026-11-20T21:00Z", "2026-11-20T21:00Z", "2026-11-20T21:00Z")]
    [InlineData("0 22 * * *", "2026-11-20T21:00Z", "2026-11-21T20:59Z", "2026-11-20T21:00Z")]
    [InlineData("0 22 * * *", "2026-11-20T21:00Z", "2026-11-21T21:00Z", "2026-11-21T21:00Z")]
    // A weekend, a year of minutes, a year in which nothing was.
    [InlineData("0 22 * * *", "2026-11-20T21:00Z", "2026-11-23T08:00Z", "2026-11-22T21:00Z")]
    [InlineData("* * * * *", "2025-11-20T21:00Z", "2026-11-23T08:00:59Z", "2026-11-23T08:00Z")]
    [InlineData("0 0 1 1 *", "2024-12-31T23:00Z", "2026-11-23T08:00Z", "2025-12-31T23:00Z")]
    [InlineData("0 0 1 1 *", "2025-12-31T23:00Z", "2026-11-23T08:00Z", "2025-12-31T23:00Z")]
    public void Of_what_was_missed_the_newest_is_found(string cron, string due, string now, string newest) =>
        Assert.Equal(At(newest), CronCalendar.Newest(cron, _berlin, At(due), At(now)));

    [Theory]
    [InlineData(" 0  22 * * 5 ", "0 22 * * 5")]
    [InlineData("*/15 6-18 * JAN-MAR Mon,7", "*/15 6-18 * JAN-MAR Mon,7")]
    [InlineData("0 0 L * *", "0 0 L * *")]
    public void Five_fields_are_read(string text, string cron)
    {
        Assert.True(CronCalendar.TryRead(text, out var read));
        Assert.Equal(cron, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0 22 * *")]
    [InlineData("0 0 22 * * 5")]
    [InlineData("60 * * * *")]
    [InlineData("0 24 * * *")]
    [InlineData("0 0 * XYZ *")]
    [InlineData("*/0 * * * *")]
    [InlineData("@daily")]
    public void Others_are_not(string text) => Assert.False(CronCalendar.TryRead(text, out _));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
