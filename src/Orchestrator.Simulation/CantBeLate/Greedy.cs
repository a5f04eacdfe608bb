namespace Orchestrator.Simulation.CantBeLate;

/// <summary>Spot when there is some, nothing otherwise, until only on-demand makes the deadline.</summary>
public sealed class Greedy(TaskSetup task) : ITickPolicy
{
    public Placement Choose(in TickView view)
    {
        var remaining = task.Work - view.Done;
        var left = task.Left(view.Elapsed);
        if (task.Whole(remaining + task.Overhead) >= left)
        {
            return Placement.OnDemand;
        }

        if (task.Whole(remaining + 2 * task.Overhead) >= left)
        {
            return view.Current == Placement.Spot && view.HasSpot ? Placement.Spot : Placement.OnDemand;
        }

        return view.HasSpot ? Placement.Spot : Placement.None;
    }
}
