using System.Collections.Immutable;

namespace Orchestrator.Server.Views;

/// <summary>Sums of money in whole cents that still add up.</summary>
internal static class Cents
{
    /// <summary>
    /// Parts in cents whose sum is their total in cents: all rounded down, and the cents that are missing then go to those that
    /// lost most by it.
    /// </summary>
    public static ImmutableArray<decimal> Of(ImmutableArray<decimal> parts)
    {
        var cents = parts.Select(part => Math.Floor(part * 100)).ToArray();
        var missing = (int)(Math.Round(parts.Sum() * 100, MidpointRounding.AwayFromZero) - cents.Sum());
        foreach (var at in Enumerable.Range(0, parts.Length).OrderByDescending(at => (parts[at] * 100) - cents[at]).ThenBy(at => at).Take(missing))
        {
            cents[at]++;
        }

        return [.. cents.Select(one => one / 100)];
    }
}
