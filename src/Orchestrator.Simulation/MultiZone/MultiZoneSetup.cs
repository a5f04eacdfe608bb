using System.Collections.Immutable;
using Orchestrator.Simulation.Traces;

namespace Orchestrator.Simulation.MultiZone;

/// <summary>One job over several zones of one market. Times in seconds.</summary>
/// <param name="Checkpoint">What moves when the job moves to another region, in GB.</param>
public sealed record MultiZoneSetup(ImmutableArray<AvailabilityTrace> Zones, double Work, double Deadline, double Overhead, double Checkpoint)
{
    public double Gap => Zones[0].GapSeconds;

    public int Ticks => (int)Math.Floor(Deadline / Gap);

    /// <summary>The recordings have one price for all zones of a card.</summary>
    public double OnDemandPrice { get; } = Zones[0].OnDemandPrice ?? throw new InvalidDataException($"{Zones[0].Name} has no metadata.price_info.on_demand_price");

    public double MoveCost(int from, int to) => from < 0 ? 0 : Checkpoint * Egress.PerGigabyte(RegionOf(from), RegionOf(to));

    /// <summary>us-east-1c_v100_1 lies in us-east-1.</summary>
    public string RegionOf(int zone)
    {
        var name = Zones[zone].Name.Split('_')[0];
        return name.TrimEnd([.. "abcdefghijklmnopqrstuvwxyz"]).TrimEnd('-');
    }
}
