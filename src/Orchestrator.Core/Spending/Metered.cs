namespace Orchestrator.Spending;

/// <summary>What an instance has cost by our own meter.</summary>
/// <param name="Compute">Cards and all that comes with them.</param>
/// <param name="Disk">Its disk.</param>
/// <param name="Moves">What its host charges for gigabytes in and out.</param>
/// <param name="Egress">What the store charges for what left it: on another bill than the rest.</param>
public sealed record Metered(Money Compute, Money Disk, Money Moves, Money Egress)
{
    /// <summary>What the provider of the instance will ask for.</summary>
    public Money Billed => Compute + Disk + Moves;

    public Money Total => Billed + Egress;
}
