using Orchestrator.Engine.Specs;
using Xunit;

namespace Orchestrator.Tests.Specs;

/// <summary>A spec with <c>schedule.cron</c>.</summary>
public sealed class SeriesSpecTests
{
    [Theory]
    [InlineData("")]
    [InlineData("deadline: Mon 07:00\n")]
    [InlineData("deadline: 2026-12-24\n")]
    public void It_can_be_submitted(string lines)
    {
        var result = SpecCase.With("schedule: {cron: 0 22 * * 5, start-below: $0.30}\n" + lines);

        Assert.Empty(result.Unavailable);
        Assert.Equal(("0 22 * * 5", "Europe/Berlin"), (SpecCase.Spec(result).Schedule!.Cron, SpecCase.Spec(result).Schedule!.Zone));
    }

    /// <summary>The runs are at 20 November, 27 November and 4 December.</summary>
    [Fact]
    public void A_deadline_that_a_later_run_would_miss_is_refused_at_once()
    {
        const string lines = "schedule: {cron: 0 22 * * 5}\ndeadline: 2026-12-01\n";

        var result = SpecCase.With(lines);

        Assert.Null(result.Spec);
        Assert.Contains("job.yaml:6:11: the run of 2026-12-04 21:00 UTC: ", ProblemPrinter.Print(result), StringComparison.Ordinal);
        Assert.False(SpecCase.With(lines, SpecCase.Options with { IsRun = true }).HasErrors);
    }

    [Fact]
    public void One_that_never_comes_is_refused()
    {
        var error = Assert.Single(SpecCase.Errors(SpecCase.With("schedule: {cron: 0 0 30 2 *}\n")));

        Assert.Contains("never comes", error.What, StringComparison.Ordinal);
    }
}
