using Orchestrator.Engine.Reports;
using Xunit;

namespace Orchestrator.Tests.Reports;

public sealed class ReportPeriodTests
{
    private static readonly TimeZoneInfo _paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Theory]
    [InlineData("2026-11-20T17:00:00Z", "2026-11-20T17:00:00Z", "2026-11-20T17:00:00Z")]
    [InlineData("2026-11-20T16:59:59Z", "2026-11-13T17:00:00Z", "2026-11-16T08:00:00Z")]
    [InlineData("2026-11-21T12:00:00Z", "2026-11-20T17:00:00Z", "2026-11-21T12:00:00Z")]
    [InlineData("2026-11-23T08:00:00Z", "2026-11-20T17:00:00Z", "2026-11-23T08:00:00Z")]
    [InlineData("2026-11-25T12:00:00Z", "2026-11-20T17:00:00Z", "2026-11-23T08:00:00Z")]
    // Clocks go back on Sunday 25 October.
    [InlineData("2026-10-27T12:00:00Z", "2026-10-23T16:00:00Z", "2026-10-26T08:00:00Z")]
    public void A_weekend_is_from_Friday_evening_to_Monday_morning_of_whoever_asks(string now, string from, string to)
    {
        var weekend = ReportPeriod.Weekend(At(now), _paris);

        Assert.Equal((At(from), At(to)), (weekend.From, weekend.To));
    }

    [Fact]
    public void Parts_of_adjacent_times_add_up_to_the_whole()
    {
        var random = new Random(7);
        for (var run = 0; run < 300; run++)
        {
            var (begin, length) = (Weekend.Friday.AddSeconds(random.Next(-90_000, 90_000)), random.Next(0, 200_000));
            var (end, whole) = (begin.AddSeconds(length), new Money(random.NextInt64(0, 100_000_000)));
            List<DateTimeOffset> cuts = [Weekend.Friday.AddDays(-9), .. Enumerable.Range(0, 6).Select(_ => Weekend.Friday.AddSeconds(random.Next(-300_000, 300_000))).Order(), end, Weekend.Friday.AddDays(9)];
            cuts.Sort();
            var parts = cuts.Zip(cuts.Skip(1), (from, to) => new ReportPeriod(from, to).PartOf(whole, begin, end)).ToList();

            Assert.Equal(whole, parts.Aggregate(Money.Zero, Money.Add));
            Assert.All(parts, part => Assert.True(part >= Money.Zero));
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
