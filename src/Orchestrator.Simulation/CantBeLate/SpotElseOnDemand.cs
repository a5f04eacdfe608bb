namespace Orchestrator.Simulation.CantBeLate;

public sealed class SpotElseOnDemand : ITickPolicy
{
    public Placement Choose(in TickView view) => view.HasSpot ? Placement.Spot : Placement.OnDemand;
}
