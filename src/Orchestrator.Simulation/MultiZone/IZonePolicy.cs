namespace Orchestrator.Simulation.MultiZone;

/// <summary>Chooses for one job over several zones; one instance serves one run.</summary>
public interface IZonePolicy
{
    void Act(ZoneRun run);
}
