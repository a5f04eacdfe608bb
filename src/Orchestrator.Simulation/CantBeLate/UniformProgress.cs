namespace Orchestrator.Simulation.CantBeLate;

/// <summary>
/// Uniform Progress (Wu et al., "Can't Be Late", NSDI'24): behind the straight line from start to deadline it pays for
/// on-demand, ahead of it it waits for spot. The rules stand in the published order; a later one overrules an earlier one.
/// </summary>
public sealed class UniformProgress(TaskSetup task) : ITickPolicy
{
    public Placement Choose(in TickView view)
    {
        var remaining = task.Work - view.Done;
        var left = task.Left(view.Elapsed);
        var pace = task.Work / task.Deadline;
        var choice = view.HasSpot ? Placement.Spot : Placement.None;
        if (view.Done - view.Elapsed * pace < 0)
        {
            choice = view.HasSpot ? Placement.Spot : Placement.OnDemand;
        }

        if (view.Current == Placement.OnDemand && (!view.HasSpot || (view.Elapsed + 2 * task.Overhead) * pace - view.Done >= 0))
        {
            choice = Placement.OnDemand;
        }

        if (task.Whole(remaining + 2 * task.Overhead) >= left && view.Current != Placement.Spot)
        {
            choice = Placement.OnDemand;
        }

        if (task.Whole(remaining + task.Overhead) >= left)
        {
            choice = view.Current == Placement.Spot && view.Pending <= 0 ? Placement.Spot : Placement.OnDemand;
            choice = task.Overhead == 0 && view.HasSpot ? Placement.Spot : choice;
        }

        return choice;
    }
}
