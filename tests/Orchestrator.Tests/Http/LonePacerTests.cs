using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Http;
using Orchestrator.Providers.Http;
using Xunit;

namespace Orchestrator.Tests.Http;

public sealed class LonePacerTests
{
    [Fact]
    public async Task Calls_are_as_far_apart_as_the_lane_says()
    {
        var time = new FakeTimeProvider();
        var pacer = new LonePacer(time);
        PaceLane[] lanes = [new("all", TimeSpan.FromSeconds(2), Burst: 2)];
        await pacer.WaitAsync("a", lanes, default, default);
        await pacer.WaitAsync("a", lanes, default, default);

        var third = pacer.WaitAsync("a", lanes, default, default);
        Assert.False(third.IsCompleted);
        Assert.True(pacer.WaitAsync("b", lanes, default, default).IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        await third;

        await pacer.HoldAsync("b", lanes, TimeSpan.FromSeconds(30), default);
        var held = pacer.WaitAsync("b", lanes, default, default);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(held.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(3));
        await held;
    }
}
