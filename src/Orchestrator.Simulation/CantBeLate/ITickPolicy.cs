namespace Orchestrator.Simulation.CantBeLate;

/// <summary>Chooses for one task, tick by tick. One instance serves one run: it may remember what it saw.</summary>
public interface ITickPolicy
{
    /// <summary>Never <see cref="Placement.Spot"/> where there is none.</summary>
    Placement Choose(in TickView view);
}
