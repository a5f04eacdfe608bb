using Orchestrator.Server.Cli;
using Xunit;

namespace Orchestrator.Tests.Server.Cli;

public sealed class MomentTests
{
    // A Friday.
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 20, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("90m", "2026-11-20T19:00:00Z")]
    [InlineData("1d2h", "2026-11-19T18:30:00Z")]
    [InlineData("30s", "2026-11-20T20:29:30Z")]
    [InlineData("Fri", "2026-11-20T00:00:00Z")]
    [InlineData("friday 18:00", "2026-11-20T18:00:00Z")]
    [InlineData("Fri 21:00", "2026-11-13T21:00:00Z")]
    [InlineData("Sat", "2026-11-14T00:00:00Z")]
    [InlineData("Mon 07:15", "2026-11-16T07:15:00Z")]
    [InlineData("18:00", "2026-11-20T18:00:00Z")]
    [InlineData("21:00", "2026-11-19T21:00:00Z")]
    [InlineData("0:00", "2026-11-20T00:00:00Z")]
    [InlineData("2026-11-18", "2026-11-18T00:00:00Z")]
    [InlineData("2026-11-18T12:00:00+02:00", "2026-11-18T10:00:00Z")]
    public void Moments_as_people_write_them(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Moment.Parse(text, Now, TimeZoneInfo.Utc));

    [Theory]
    [InlineData("")]
    [InlineData("banana")]
    [InlineData("Fry 18:00")]
    [InlineData("Fri 25:00")]
    [InlineData("999999999d")]
    [InlineData("-3d")]
    [InlineData("12")]
    public void Anything_else_is_none(string text) => Assert.Null(Moment.Parse(text, Now, TimeZoneInfo.Utc));
}
