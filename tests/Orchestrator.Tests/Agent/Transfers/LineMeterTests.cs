using Microsoft.Extensions.Time.Testing;
using Orchestrator.Agent.Transfers;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Transfers;

public sealed class LineMeterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Transfers_side_by_side_share_their_time_and_the_time_between_them_is_none_of_the_lines()
    {
        var meter = new LineMeter(_time);
        var (one, other) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>());

        var first = meter.DuringAsync(() => one.Task);
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = meter.DuringAsync(() => other.Task);
        _time.Advance(TimeSpan.FromSeconds(1));
        meter.Add(30_000_000);
        Assert.Equal(new LineUse(30_000_000, TimeSpan.FromSeconds(2)), meter.Total);
        one.SetResult(1);
        await first;
        _time.Advance(TimeSpan.FromSeconds(1));
        other.SetException(new IOException("cut off"));
        await Assert.ThrowsAsync<IOException>(() => second);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(new LineUse(30_000_000, TimeSpan.FromSeconds(3)), meter.Total);
        Assert.Equal(80, meter.Total.Mbps);
    }

    [Fact]
    public void What_says_nothing_of_a_line_is_no_speed()
    {
        Assert.Null(new LineUse(LineUse.Least - 1, TimeSpan.FromSeconds(1)).Mbps);
        Assert.Null(new LineUse(LineUse.Least, TimeSpan.Zero).Mbps);
        Assert.Null(new LineUse(LineUse.Least, TimeSpan.FromSeconds(-1)).Mbps);
        Assert.Null(new LineUse(long.MinValue, TimeSpan.FromSeconds(1)).Mbps);
        Assert.Equal(LineUse.MostMbps, new LineUse(long.MaxValue, TimeSpan.FromTicks(1)).Mbps);
    }
}
