using Orchestrator.Checkpoints;
using Xunit;

namespace Orchestrator.Tests.Checkpoints;

public sealed class RestartModelTests
{
    /// <summary>In minutes, with a checkpoint that takes five.</summary>
    [Theory]
    [InlineData(24 * 60, 116.7, 0.05)]
    [InlineData(6 * 60, 56.7, 0.05)]
    [InlineData(15, 9.14, 0.005)]
    public void Dalys_interval_has_its_published_values(double meanBetween, double interval, double within) =>
        Assert.Equal(interval, RestartModel.DalyInterval(5, meanBetween), within);

    [Fact]
    public void Young_is_the_root_and_Daly_meets_him_when_checkpoints_are_cheap()
    {
        Assert.Equal(Math.Sqrt(2 * 5 * 360), RestartModel.YoungInterval(5, 360));
        Assert.Equal(1, RestartModel.DalyInterval(0.001, 10_000) / RestartModel.YoungInterval(0.001, 10_000), 0.001);
    }

    [Fact]
    public void When_interruptions_come_faster_than_two_checkpoints_there_is_one_per_mean_time() =>
        Assert.Equal(2, RestartModel.DalyInterval(4, 2));

    /// <summary>Useful time ÷ wall time: how much a quick restart and a quick checkpoint are worth.</summary>
    [Theory]
    [InlineData(0.5, 60, 720, 0.512)]
    [InlineData(0.5, 60, 120, 0.714)]
    [InlineData(0.5, 5, 120, 0.867)]
    [InlineData(4, 60, 720, 0.867)]
    [InlineData(4, 60, 120, 0.904)]
    [InlineData(4, 5, 120, 0.966)]
    public void Useful_share_of_the_time_has_its_published_values(double meanHours, double delta, double restart, double share)
    {
        var mean = meanHours * 3600;
        var wall = RestartModel.ExpectedTime(36_000, RestartModel.DalyInterval(delta, mean), delta, restart, mean);

        Assert.Equal(share, 36_000 / wall, 0.0006);
    }

    [Fact]
    public void Interruptions_are_the_expected_time_over_the_mean_time_between_them()
    {
        var time = RestartModel.ExpectedTime(10, 0.5, 0.01, 0.2, 5);

        Assert.Equal(time / 5, RestartModel.ExpectedInterruptions(10, 0.5, 0.01, 0.2, 5));
        Assert.Equal(0, RestartModel.ExpectedInterruptions(10, 0.5, 0.01, 0.2, double.PositiveInfinity));
    }

    [Fact]
    public void Without_interruptions_only_the_checkpoints_are_paid_for() =>
        Assert.Equal(10.2, RestartModel.ExpectedTime(10, 0.5, 0.01, 0.2, double.PositiveInfinity), 9);

    [Theory]
    [InlineData(1000, 1000, 0.001)]
    [InlineData(1, 1, 1e-9)]
    public void A_hopeless_place_has_a_finite_time(double work, double interval, double meanBetween) =>
        Assert.True(double.IsFinite(RestartModel.ExpectedTime(work, interval, 0, 1, meanBetween)));
}
