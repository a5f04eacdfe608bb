using Orchestrator.Attempts;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class AttemptSeenTests
{
    private static readonly Place _place = Place.Of(Market.Offer("a", 1));

    /// <param name="reason">None = it still trains.</param>
    /// <param name="ready">Its agent was there after five minutes.</param>
    /// <param name="trained">The training began after ten.</param>
    /// <param name="boot">True = it got ready, false = it never did, null = nothing was learned.</param>
    /// <param name="interrupted">Null = it has not lived.</param>
    [Theory]
    [InlineData(EndReason.None, true, true, true, false)]
    [InlineData(EndReason.Succeeded, true, true, true, false)]
    [InlineData(EndReason.InstanceGone, true, true, true, true)]
    [InlineData(EndReason.RentalEnds, true, true, true, false)]
    [InlineData(EndReason.NeverBooted, false, false, false, null)]
    [InlineData(EndReason.NeverConnected, false, false, false, null)]
    [InlineData(EndReason.InstanceStopped, false, false, false, null)]
    [InlineData(EndReason.HostSilent, true, false, false, null)]
    [InlineData(EndReason.CheckFailed, true, false, false, null)]
    [InlineData(EndReason.StageFailed, true, false, false, null)]
    [InlineData(EndReason.RestoreRefused, true, false, false, null)]
    [InlineData(EndReason.ImageDenied, false, false, null, null)]
    [InlineData(EndReason.LaunchRefused, false, false, null, null)]
    [InlineData(EndReason.Cancelled, true, false, null, null)]
    [InlineData(EndReason.BadOrder, true, false, null, null)]
    [InlineData(EndReason.RentalEnds, true, false, null, null)]
    public void What_an_attempt_taught(EndReason reason, bool ready, bool trained, bool? boot, bool? interrupted)
    {
        var at = Market.Now;
        var seen = new AttemptSeen(_place, reason, at, ready ? at.AddMinutes(5) : null, trained ? at.AddMinutes(10) : null, at.AddHours(3));

        Assert.Equal(boot, seen.Boot is { } launch ? launch.Took == TimeSpan.FromMinutes(5) : (bool?)null);
        Assert.Equal(interrupted, seen.Life?.Interrupted);
        Assert.Equal(trained ? TimeSpan.FromHours(3) - TimeSpan.FromMinutes(5) : null, seen.Life?.Lived);
    }

    /// <param name="gigabytes">The image.</param>
    /// <param name="mbps">The line that was measured; null = 80 % of the 900 that the offer publishes.</param>
    /// <param name="minutes">Of fifteen until it was ready.</param>
    [Theory]
    [InlineData(0, 100, 15)]
    [InlineData(7.5, 100, 5)]
    [InlineData(20, 100, 1.5)]
    [InlineData(27, null, 10)]
    [InlineData(27, 0, 10)]
    public void The_image_is_no_part_of_the_boot(double gigabytes, int? mbps, double minutes)
    {
        var at = Market.Now;
        var seen = AttemptSeen.Of(Market.Offer("a", 1), (long)(gigabytes * 1e9), mbps, EndReason.Succeeded, at, at.AddMinutes(15), at.AddMinutes(20), at.AddHours(1));

        Assert.Equal(TimeSpan.FromMinutes(minutes), seen.Boot!.Took);
        Assert.Equal(TimeSpan.FromMinutes(45), seen.Life!.Lived);
    }
}
