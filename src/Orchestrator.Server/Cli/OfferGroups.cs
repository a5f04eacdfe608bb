using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli;

/// <summary><c>offers --group-by</c>: how many there are of a kind, and what they cost.</summary>
internal static class OfferGroups
{
    private static readonly ImmutableArray<string> _keys = ["gpu", "provider", "region", "capacity"];

    /// <param name="text">Keys with commas.</param>
    /// <exception cref="CliException">One of them is none.</exception>
    public static ImmutableArray<string> Keys(string text)
    {
        ImmutableArray<string> keys = [.. text.Split(',', StringSplitOptions.TrimEntries).Distinct()];
        return keys.FirstOrDefault(key => !_keys.Contains(key)) is { } unknown
            ? throw new CliException(ExitCodes.Usage, $"offers cannot be grouped by \"{unknown}\"", $"one or more of {string.Join(", ", _keys)}, with commas")
            : keys;
    }

    /// <summary>Cheapest first.</summary>
    public static ImmutableArray<OfferGroup> Of(ImmutableArray<OfferView> offers, ImmutableArray<string> keys) =>
    [
        .. offers.GroupBy(offer => string.Join('\0', keys.Select(key => Value(key, offer))), StringComparer.Ordinal)
            .Select(group =>
            {
                var prices = group.Select(offer => offer.PricePerHour).Order().ToList();
                var one = group.First();
                return new OfferGroup(keys.ToImmutableDictionary(key => key, key => Value(key, one)), prices.Count, prices[0], prices[(prices.Count - 1) / 2]);
            })
            .OrderBy(group => group.Lowest).ThenBy(group => string.Join(' ', keys.Select(key => group.By[key])), StringComparer.Ordinal),
    ];

    /// <summary>Cards with their number, so that prices of a group are of the same thing.</summary>
    private static string Value(string key, OfferView offer) => key switch
    {
        "gpu" => offer.Gpu is null ? "none" : $"{offer.GpuCount} x {offer.Gpu}",
        "provider" => offer.Provider,
        "region" => offer.Country ?? "not known",
        _ => offer.Capacity,
    };
}
