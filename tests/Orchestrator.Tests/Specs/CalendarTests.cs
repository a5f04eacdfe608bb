using Orchestrator.Engine.Specs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class CalendarTests
{
    [Theory]
    [InlineData("2026-11-30T07:00+01:00", "2026-11-30T06:00Z", "+01:00")]
    [InlineData("2026-11-30T07:00:30Z", "2026-11-30T07:00:30Z", "Z")]
    [InlineData("2026-11-30T07:00", "2026-11-30T06:00Z", "Europe/Berlin")]
    [InlineData("2026-11-30 07:00 America/New_York", "2026-11-30T12:00Z", "America/New_York")]
    [InlineData("2026-11-30", "2026-11-29T23:00Z", "Europe/Berlin")]
    [InlineData("Mon 07:00 Europe/Paris", "2026-11-23T06:00Z", "Europe/Paris")]
    [InlineData("Fri 20:00", "2026-11-20T19:00Z", "Europe/Berlin")]
    [InlineData("Fri 13:00", "2026-11-27T12:00Z", "Europe/Berlin")]
    [InlineData("friday 12:59", "2026-11-27T11:59Z", "Europe/Berlin")]
    [InlineData("Sat 01:00 Asia/Tokyo", "2026-11-20T16:00Z", "Asia/Tokyo")]
    public void A_time_becomes_an_instant_and_its_zone_is_echoed(string text, string instant, string zone)
    {
        Assert.True(Calendar.TryInstant(text, SpecCase.Now, "Europe/Berlin", out var at, out var echoed));
        Assert.Equal(DateTimeOffset.Parse(instant, null), at);
        Assert.Equal(zone, echoed);
    }

    [Theory]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:00Z")]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30Z")]
    public void A_skipped_time_is_the_first_valid_instant_and_a_doubled_one_the_first_of_the_two(string text, string instant)
    {
        Assert.True(Calendar.TryInstant(text, SpecCase.Now, "Europe/Berlin", out var at, out _));
        Assert.Equal(DateTimeOffset.Parse(instant, null), at);
    }

    [Theory]
    [InlineData("Mon 8")]
    [InlineData("Someday 08:00")]
    [InlineData("2026-13-01")]
    [InlineData("2026-11-30T07:00 ../../etc/passwd")]
    [InlineData("2026-11-30T07:00Z Europe/Paris")]
    [InlineData("2026-11-30T07:00+15:00")]
    [InlineData("")]
    public void Anything_else_is_no_time(string text) =>
        Assert.False(Calendar.TryInstant(text, SpecCase.Now, "Europe/Berlin", out _, out _));
}
