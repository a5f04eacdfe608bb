using System.Collections.Immutable;
using Orchestrator.Simulation.Traces;

namespace Orchestrator.Simulation.MultiZone;

/// <summary>Recordings of zones: us-east-1c is us-east-1c.json or us-east-1c_v100_1.json.</summary>
public static class ZoneFiles
{
    /// <summary>States of all places multiply in the table, so it looks at no more than these.</summary>
    private const int Most = 3;

    public static ImmutableArray<AvailabilityTrace> Read(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> files, IReadOnlyList<string> zones)
    {
        if (zones.Count > Most || zones.Distinct().Count() < zones.Count)
        {
            throw new InvalidDataException($"name one to {Most} different zones: with each more, the table of the rule grows fourfold");
        }

        ImmutableArray<AvailabilityTrace> traces = [.. zones.Select(zone => Read(files, zone))];
        return traces.Any(trace => trace.Prices.Length == 0 || trace.OnDemandPrice is null || trace.GapSeconds != traces[0].GapSeconds || trace.Length != traces[0].Length)
            ? throw new InvalidDataException("zones need prices and metadata.price_info.on_demand_price, and the same ticks")
            : traces;
    }

    private static AvailabilityTrace Read(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> files, string zone)
    {
        foreach (var (path, json) in files)
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (name == zone || name.StartsWith(zone + "_", StringComparison.Ordinal))
            {
                return TraceReader.Read(name, json);
            }
        }

        throw new InvalidDataException($"there is no trace of zone {zone}; there are {string.Join(", ", files.Keys.Select(Path.GetFileNameWithoutExtension).Take(20))}");
    }
}
