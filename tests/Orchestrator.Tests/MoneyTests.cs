using Xunit;

namespace Orchestrator.Tests;

public sealed class MoneyTests
{
    [Fact]
    public void An_hourly_price_is_charged_for_the_time_used_and_rounded_up()
    {
        var price = Money.FromDollars(0.36m);

        Assert.Equal(new Money(100), price.PerHourFor(TimeSpan.FromSeconds(1)));
        Assert.Equal(new Money(1), new Money(1).PerHourFor(TimeSpan.FromTicks(1)));
        Assert.Equal(Money.Zero, price.PerHourFor(TimeSpan.FromSeconds(-5)));
    }
}
