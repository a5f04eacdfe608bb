using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class EtaTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Speed_counts_from_the_step_the_attempt_resumed_at()
    {
        Assert.Equal(2.0, Eta.SecondsPerStep(1_000, Noon, 1_300, Noon.AddMinutes(10)));
    }

    [Theory]
    [InlineData(1_000, 1_001, 60)]
    [InlineData(1_000, 900, 60)]
    [InlineData(0, 100, 0)]
    public void Speed_is_unknown_where_figures_make_no_sense(long from, long step, int seconds)
    {
        Assert.Null(Eta.SecondsPerStep(from, Noon, step, Noon.AddSeconds(seconds)));
    }

    [Fact]
    public void The_end_is_the_rest_at_the_measured_speed()
    {
        Assert.Equal(Noon.AddSeconds(1_400), Eta.DoneAt(2, 1_300, 2_000, Noon));
    }

    [Fact]
    public void A_trainer_that_overshoots_its_total_is_done_now()
    {
        Assert.Equal(Noon, Eta.DoneAt(2, 2_100, 2_000, Noon));
    }

    [Theory]
    [InlineData(null, 2_000L)]
    [InlineData(2.0, null)]
    [InlineData(0.0, 2_000L)]
    [InlineData(1e12, long.MaxValue)]
    public void The_end_is_unknown_where_it_cannot_be_told(double? pace, long? total)
    {
        Assert.Null(Eta.DoneAt(pace, 5, total, Noon));
    }
}
