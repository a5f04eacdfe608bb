using Orchestrator.Recovery.Deadlines;

namespace Orchestrator.Simulation.MultiZone;

public sealed class ZoneOnDemand : IZonePolicy
{
    public void Act(ZoneRun run)
    {
        if (run.Now.Kind != RideKind.OnDemand)
        {
            run.TryLaunch(new Ride(RideKind.OnDemand, 0));
        }
    }
}
