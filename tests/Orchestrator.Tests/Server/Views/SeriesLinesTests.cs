using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class SeriesLinesTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly SeriesDetails _series = new()
    {
        Id = "series-3",
        Name = "nightly",
        Cron = "0 22 * * *",
        Zone = "UTC",
        Next = [_now.AddHours(10), _now.AddHours(34), _now.AddHours(58)],
        Runs = [new(_now.AddHours(-14), null, null, "skipped, since #11 has not ended (paused)"), new(_now.AddHours(-38), 11, "paused", "submitted")],
    };

    [Fact]
    public void It_says_when_its_runs_come_and_what_became_of_them() => Assert.Equal(
        [
            "nightly  series-3   0 22 * * * (UTC)",
            "next    22:00, Fri 22:00, Sat 22:00",
            " Wed 22:00  skipped, since #11 has not ended (paused)",
            " Tue 22:00  #11 paused (submitted)",
        ],
        SeriesLines.Lines(_series, 100, _now, TimeZoneInfo.Utc));

    [Fact]
    public void One_that_was_stopped_has_none_to_come() => Assert.Contains(
        "next    none, stopped 11:00 by ada",
        SeriesLines.Lines(_series with { Next = [], StoppedAt = _now.AddHours(-1), StoppedBy = "ada" }, 100, _now, TimeZoneInfo.Utc));

    [Fact]
    public void The_job_list_ends_with_what_is_to_come()
    {
        var trouble = _series with { Trouble = "the run of 2026-11-25 22:00 UTC cannot be submitted: no secret" };
        var lines = JobsView.Lines(new JobList([]) { Series = [_series, trouble] }, 140, new Paint(false), _now, TimeZoneInfo.Utc).ToList();

        Assert.Equal("series-3 nightly · 0 22 * * * (UTC) · next 22:00", lines[0]);
        Assert.Equal("series-3 nightly · 0 22 * * * (UTC) · next 22:00; the run of 2026-11-25 22:00 UTC cannot be submitted: no secret", lines[1]);
    }
}
