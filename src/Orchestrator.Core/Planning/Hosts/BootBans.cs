using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Planning.Hosts;

/// <summary>
/// Hosts of a market that never get ready cost money and an evening: after three launches in a row that came to nothing within a day,
/// none is tried there for a day. A person's own machines are left to their owner, who may have no other.
/// </summary>
public static class BootBans
{
    public const int InARow = 3;

    private static readonly TimeSpan _within = TimeSpan.FromDays(1);

    /// <param name="memory">What was seen.</param>
    /// <param name="pardons">By host: what happened before a pardon does not count.</param>
    /// <param name="now">The instant.</param>
    /// <returns>By name.</returns>
    public static ImmutableArray<BannedHost> Of(MarketMemory memory, IReadOnlyDictionary<string, DateTimeOffset> pardons, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(pardons);
        var bans = ImmutableArray.CreateBuilder<BannedHost>();
        foreach (var host in memory.Boots.Where(boot => boot.Place is { Host: not null, Tier: not OfferTier.Own }).GroupBy(boot => boot.Place.Host!, StringComparer.Ordinal))
        {
            BootSeen[] last = [.. host.OrderByDescending(boot => boot.At).Take(InARow)];
            if (last.Length == InARow && last.All(boot => boot.Took is null && now - boot.At < _within && !(pardons.TryGetValue(host.Key, out var pardon) && boot.At <= pardon)))
            {
                bans.Add(new BannedHost(host.Key, $"{InARow} launches in a row never got ready", last[0].At + _within));
            }
        }

        return [.. bans.OrderBy(ban => ban.Host, StringComparer.Ordinal)];
    }
}
