using System.Globalization;
using Orchestrator.Jobs;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.Tests.Providers;

public sealed class UsableHoursTests
{
    [Theory]
    [InlineData("20:00", "08:00", "2026-11-20T19:30Z", "2026-11-21T07:00Z")]
    [InlineData("20:00", "08:00", "2026-11-20T03:00Z", "2026-11-20T07:00Z")]
    [InlineData("20:00", "08:00", "2026-11-20T12:00Z", null)]
    [InlineData("20:00", "08:00", "2026-11-20T07:00Z", null)]
    [InlineData("09:00", "17:00", "2026-11-20T08:00Z", "2026-11-20T16:00Z")]
    [InlineData("09:00", "17:00", "2026-11-20T16:00Z", null)]
    // The night the clocks go forward has no 02:30: it ends with the gap.
    [InlineData("22:00", "02:30", "2026-03-28T22:00Z", "2026-03-29T01:00Z")]
    // 02:30 comes twice: the first one counts.
    [InlineData("22:00", "02:30", "2026-10-24T22:00Z", "2026-10-25T00:30Z")]
    public void A_window_is_open_until_its_end_in_its_own_zone(string start, string end, string now, string? until)
    {
        var hours = new UsableHours(new ClockWindow(TimeOnly.Parse(start, CultureInfo.InvariantCulture), TimeOnly.Parse(end, CultureInfo.InvariantCulture)), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"));

        Assert.Equal(until is null ? null : Instant(until), hours.OpenUntil(Instant(now)));
    }

    [Theory]
    [InlineData(null, "2026-11-21T07:00Z")]
    [InlineData("2026-11-20T23:00Z", "2026-11-20T23:00Z")]
    [InlineData("2026-12-20T23:00Z", "2026-11-21T07:00Z")]
    public void A_rental_ends_with_the_hours_or_the_expiry_whichever_comes_first(string? expires, string until)
    {
        var machine = new SshMachine
        {
            Address = new() { Name = "box", Host = "box", User = "me" },
            Hours = new(new ClockWindow(new(20, 0), new(8, 0)), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")),
            Expires = expires is null ? null : Instant(expires),
        };

        Assert.Equal(Instant(until), machine.Until(Instant("2026-11-20T20:00Z")));
        Assert.True(machine.Until(Instant("2026-11-20T12:00Z")) <= Instant("2026-11-20T12:00Z"));
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
