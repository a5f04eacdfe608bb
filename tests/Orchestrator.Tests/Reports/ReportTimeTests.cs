using System.Globalization;
using Orchestrator.Engine.Reports;
using Orchestrator.Server.Configuration;
using Xunit;

namespace Orchestrator.Tests.Reports;

public sealed class ReportTimeTests
{
    private static readonly TimeZoneInfo _paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Theory]
    [InlineData("2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z", "report 2026-W48")]
    [InlineData("2026-11-23T07:59:59Z", "2026-11-16T08:00:00Z", "report 2026-W47")]
    [InlineData("2026-11-29T23:00:00Z", "2026-11-23T08:00:00Z", "report 2026-W48")]
    // The first days of January may belong to the last week of the year before.
    [InlineData("2027-01-03T12:00:00Z", "2026-12-28T08:00:00Z", "report 2026-W53")]
    public void The_newest_Monday_morning_names_its_week(string now, string at, string key)
    {
        var last = ReportTime.Usual.LastAt(At(now), _paris);

        Assert.Equal((At(at), key), (last, ReportTime.KeyOf(last, _paris)));
    }

    [Theory]
    [InlineData("report: Mon 09:00", "Mon 09:00")]
    [InlineData("report: sunday 7:30", "Sun 07:30")]
    [InlineData("report: never", null)]
    [InlineData("channels: {}", "Mon 09:00")]
    public void The_configuration_says_when(string yaml, string? time) => Assert.Equal(time, ServerConfigurationReader.Read(yaml, "orchestrator.yaml").Report?.ToString());

    [Theory]
    [InlineData("report: 09:00")]
    [InlineData("report: Mon 24:00")]
    [InlineData("report: every Monday")]
    public void What_is_no_time_of_the_week_is_refused_with_one(string yaml) => Assert.Contains(
        "write Mon 09:00, or never", Assert.Single(Assert.Throws<ConfigurationException>(() => ServerConfigurationReader.Read(yaml, "orchestrator.yaml")).Problems).Text, StringComparison.Ordinal);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
