using System.Globalization;
using Orchestrator.Protocol;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>What a rented host costs when no server is heard of any more.</summary>
internal static class LeaseWords
{
    public static string Of(LeaseView lease) =>
        lease.Seconds is { } seconds ? Bounded(TimeSpan.FromSeconds(seconds), lease.PerHour)
        : lease.AloneSeconds is { } alone ? $"its agent has not answered yet: the host {Alone(TimeSpan.FromSeconds(alone), lease.PerHour)}"
        : lease.Why is { } why ? Unbounded(why, lease.PerHour)
        : Unbounded(lease.PerHour);

    /// <param name="lease">How long it goes on as before; then it takes its time to save and to be ended, at the same price.</param>
    /// <param name="perHour">Dollars.</param>
    public static string Bounded(TimeSpan lease, decimal perHour)
    {
        var most = lease + LeaseEnding.Longest;
        return $"the host saves and ends itself after {Say.For(most)} at most: ${Say.Dollars(perHour * (decimal)most.TotalHours)} from when it was last heard";
    }

    /// <summary>The time from the create call until the agent has first answered, in which there is no lease.</summary>
    /// <param name="alone">Null = nothing ends it then.</param>
    /// <param name="perHour">Dollars.</param>
    public static string BeforeLease(TimeSpan? alone, decimal perHour) => alone is { } time
        ? $"before its agent has first answered it {Alone(time, perHour)}"
        : "not bounded before its agent has first answered";

    /// <summary>What the image lacks for it is tried to be installed.</summary>
    private static string Alone(TimeSpan time, decimal perHour) =>
        $"ends itself {Say.For(time)} after its container has started, where curl or python3 is there or can be installed: ${Say.Dollars(perHour * (decimal)time.TotalHours)}";

    public static string Unbounded(decimal perHour) => Unbounded("its provider gives a host no way to end itself", perHour);

    private static string Unbounded(string why, decimal perHour) => string.Create(
        CultureInfo.InvariantCulture, $"not bounded: {why}; it costs ${perHour:0.000}/h until somebody ends it");
}
