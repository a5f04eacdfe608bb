namespace Orchestrator.Simulation.CantBeLate;

public sealed class OnDemandOnly : ITickPolicy
{
    public Placement Choose(in TickView view) => Placement.OnDemand;
}
