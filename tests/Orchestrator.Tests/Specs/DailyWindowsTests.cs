using System.Globalization;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class DailyWindowsTests
{
    private static readonly TimeZoneInfo _berlin = Orchestrator.Engine.Specs.Calendar.Zone("Europe/Berlin")!;

    [Theory]
    // In the middle of a night that began yesterday.
    [InlineData("22:00", "06:00", "2026-11-20T01:00Z", "2026-11-19T21:00Z", "2026-11-20T05:00Z")]
    [InlineData("22:00", "06:00", "2026-11-20T12:00Z", "2026-11-20T21:00Z", "2026-11-21T05:00Z")]
    [InlineData("09:00", "17:00", "2026-11-20T16:00Z", "2026-11-21T08:00Z", "2026-11-21T16:00Z")]
    // The clocks go forward at 02:00, back at 03:00: seven and nine hours.
    [InlineData("22:00", "06:00", "2026-03-28T12:00Z", "2026-03-28T21:00Z", "2026-03-29T04:00Z")]
    [InlineData("22:00", "06:00", "2026-10-24T12:00Z", "2026-10-24T20:00Z", "2026-10-25T05:00Z")]
    // An end that is skipped is the first valid instant after the gap.
    [InlineData("00:00", "02:30", "2026-03-28T23:30Z", "2026-03-28T23:00Z", "2026-03-29T01:00Z")]
    // Hours that do not happen on that day are those of the next.
    [InlineData("02:10", "02:50", "2026-03-29T00:30Z", "2026-03-30T00:10Z", "2026-03-30T00:50Z")]
    public void Hours_become_instants(string start, string end, string from, string begins, string ends)
    {
        var hours = new ClockWindow(TimeOnly.Parse(start, CultureInfo.InvariantCulture), TimeOnly.Parse(end, CultureInfo.InvariantCulture));

        var windows = DailyWindows.Resolve(hours, _berlin, At(from));

        Assert.Equal(new TimeWindow(At(begins), At(ends)), windows[0]);
        Assert.InRange(windows.Length, 58, 61);
        Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.True(pair.First.Until < pair.Second.From));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
