using Orchestrator.Engine.Messages;
using Xunit;

namespace Orchestrator.Tests.Messages;

public sealed class CourierTests
{
    [Theory]
    [InlineData(1, 0, 10)]
    [InlineData(2, 1, 30)]
    [InlineData(4, 5, 270)]
    [InlineData(9, 120, 3600)]
    [InlineData(1000, 600, 3600)]
    public void It_is_tried_again_ever_later(int tries, int minutes, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Courier.Again(tries, TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void After_a_day_it_is_given_up() => Assert.Null(Courier.Again(30, TimeSpan.FromHours(23.5)));
}
