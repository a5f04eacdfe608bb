using System.Collections.Immutable;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Jobs;

public sealed class TimeWindowsTests
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    // Ten to six, two nights; what comes after repeats the last.
    private static readonly ImmutableArray<TimeWindow> _nights = [new(_noon.AddHours(10), _noon.AddHours(18)), new(_noon.AddHours(34), _noon.AddHours(42))];

    [Theory]
    [InlineData(0, 1, 0, 11)]
    [InlineData(0, 8, 0, 18)]
    [InlineData(0, 9, 0, 35)]
    [InlineData(12, 9, 0, 37)]
    [InlineData(0, 30, 0, 88)]
    [InlineData(0, 8, 1, 35)]
    public void Only_the_hours_of_the_windows_count(double from, double hours, double reserve, double until) =>
        Assert.Equal(_noon.AddHours(until), TimeWindows.After(_nights, _noon.AddHours(from), TimeSpan.FromHours(hours), TimeSpan.FromHours(reserve)));

    [Fact]
    public void Without_windows_every_hour_counts_and_windows_that_are_too_short_never_do()
    {
        Assert.Equal(_noon.AddHours(5), TimeWindows.After([], _noon, TimeSpan.FromHours(5)));
        Assert.Null(TimeWindows.After(_nights, _noon, TimeSpan.FromHours(5), TimeSpan.FromHours(8)));
    }
}
