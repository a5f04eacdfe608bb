namespace Orchestrator.Simulation.CantBeLate;

/// <summary>What runs in one tick.</summary>
public enum Placement : byte
{
    None,
    Spot,
    OnDemand,
}
