namespace Orchestrator.Simulation.Worlds;

/// <summary>What a run cost, as the providers bill it.</summary>
public sealed record CostParts
{
    public Money Compute { get; init; }

    public Money Disk { get; init; }

    /// <summary>What hosts charge for data in and out.</summary>
    public Money Moves { get; init; }

    public Money StoreEgress { get; init; }

    public Money Total => Compute + Disk + Moves + StoreEgress;

    public static CostParts operator +(CostParts a, CostParts b) => new()
    {
        Compute = a.Compute + b.Compute,
        Disk = a.Disk + b.Disk,
        Moves = a.Moves + b.Moves,
        StoreEgress = a.StoreEgress + b.StoreEgress,
    };

    public static CostParts Add(CostParts a, CostParts b) => a + b;
}
