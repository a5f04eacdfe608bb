using System.Globalization;

namespace Orchestrator.Server.Views;

/// <summary>What a rented host costs when no server is heard of any more.</summary>
internal static class LeaseWords
{
    public static string Bounded(TimeSpan lease, decimal perHour) =>
        $"the host saves and ends itself after {Say.For(lease)} at most: ${Say.Dollars(perHour * (decimal)lease.TotalHours)} from when it was last heard";

    public static string Unbounded(decimal perHour) => string.Create(
        CultureInfo.InvariantCulture, $"not bounded: its provider gives a host no way to end itself; it costs ${perHour:0.000}/h until somebody ends it");
}
