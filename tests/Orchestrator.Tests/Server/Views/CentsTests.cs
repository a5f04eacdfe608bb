using CsCheck;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class CentsTests
{
    [Fact]
    public void Parts_in_cents_add_up_to_their_total_in_cents() => Gen.Long[0, 50_000_000].Array[6].Sample(micros =>
    {
        decimal[] parts = [.. micros.Select(one => one / 1_000_000m)];

        var cents = Cents.Of([.. parts]);

        Assert.Equal(Math.Round(parts.Sum(), 2, MidpointRounding.AwayFromZero), cents.Sum());
        Assert.All(cents.Zip(parts), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 0.01m && pair.First == Math.Round(pair.First, 2)));
    });

    [Fact]
    public void The_cents_that_are_missing_go_to_those_that_lost_most() => Assert.Equal([0.33m, 0.34m, 0.33m], Cents.Of([0.333m, 0.334m, 0.333m]).ToArray());
}
