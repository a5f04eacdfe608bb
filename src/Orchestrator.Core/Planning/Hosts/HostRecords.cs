using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Planning.Forecasting;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Planning.Hosts;

/// <summary>The memory, host by host, for people. The planner weighs the same observations, with those of the host's kind and provider.</summary>
public static class HostRecords
{
    /// <summary>By name.</summary>
    public static ImmutableArray<HostRecord> Of(MarketMemory memory, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var boots = memory.Boots.Where(boot => boot.Place.Host is not null).ToLookup(boot => boot.Place.Host!, StringComparer.Ordinal);
        var lives = memory.Lives.Where(life => life.Place.Host is not null).ToLookup(life => life.Place.Host!, StringComparer.Ordinal);
        var faults = memory.Faults.Where(fault => fault.Place.Host is not null).ToLookup(fault => fault.Place.Host!, StringComparer.Ordinal);
        return
        [
            .. boots.Select(host => host.Key).Union(lives.Select(host => host.Key)).Union(faults.Select(host => host.Key)).Order(StringComparer.Ordinal)
                .Select(host => Of(host, [.. boots[host]], [.. lives[host]], [.. faults[host]], now)),
        ];
    }

    private static HostRecord Of(string host, ImmutableArray<BootSeen> boots, ImmutableArray<LifeSeen> lives, ImmutableArray<FaultSeen> faults, DateTimeOffset now)
    {
        var newest = boots.Select(boot => (boot.At, boot.Place)).Concat(lives.Select(life => (life.At, life.Place))).Concat(faults.Select(fault => (fault.At, fault.Place))).MaxBy(seen => seen.At);
        TimeSpan[] ready = [.. boots.Select(boot => boot.Took).OfType<TimeSpan>().Order()];
        return new HostRecord
        {
            Host = host,
            Gpu = newest.Place.Gpu,
            Launches = boots.Length,
            NeverReady = boots.Length - ready.Length,
            ReadyIn = ready.Length > 0 ? ready[(ready.Length - 1) / 2] : null,
            Lived = lives.Aggregate(TimeSpan.Zero, (sum, life) => sum + life.Lived),
            Interruptions = lives.Count(life => life.Interrupted),
            Faults = faults.Length,
            BootShare = BootShare(newest.Place, boots, now),
            LastSeen = newest.At,
        };
    }

    private static double BootShare(Place place, ImmutableArray<BootSeen> boots, DateTimeOffset now)
    {
        var prior = Priors.Of(place.Tier);
        var (weight, ready) = (0d, 0d);
        foreach (var boot in boots)
        {
            var counts = History.Weight(boot.At, now);
            weight += counts;
            ready += boot.Took is null ? 0 : counts;
        }

        return ((Priors.BootStrength * (place.Capacity == CapacityType.Interruptible ? prior.SpotBootSuccess : prior.BootSuccess)) + ready) / (Priors.BootStrength + weight);
    }
}
