using Orchestrator.Planning.Forecasting;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class SurvivalTests
{
    [Theory]
    [InlineData(0.08, 2, 0, 2)]
    [InlineData(0.08, 2, 0, 50)]
    [InlineData(0.9, 3.7, 0, 30)]
    [InlineData(0.08, 2, 5, 30)]
    [InlineData(0.3, 4, 12, 100)]
    public void Hours_lived_are_the_area_below_the_chance_to_live(double rate, double shape, double age, double most)
    {
        var life = new Survival(rate, shape, age);
        const int steps = 200_000;
        var area = 0d;
        for (var i = 0; i < steps; i++)
        {
            area += life.At(most * (i + 0.5) / steps) * most / steps;
        }

        Assert.InRange(life.Hours(most), area * 0.999, area * 1.001);
        Assert.InRange(life.At(life.HoursAt(0.7)), 0.6999, 0.7001);
    }

    [Fact]
    public void What_is_never_interrupted_lives_on()
    {
        var life = new Survival(0, 2, 0);

        Assert.Equal(1, life.At(1000));
        Assert.Equal(7, life.Hours(7));
    }
}
