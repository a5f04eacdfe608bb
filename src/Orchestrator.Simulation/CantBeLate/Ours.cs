using Orchestrator.Recovery.Deadlines;

namespace Orchestrator.Simulation.CantBeLate;

/// <summary>The product's own rule, with one place to choose.</summary>
public sealed class Ours(TaskSetup task, AvailabilityModel model, Journey journey, CostToGo table) : ITickPolicy
{
    private readonly DeadlineRule _rule = new(model, journey, table, task.Gap);

    public static Journey JourneyOf(TaskSetup task) => new(task.Work, task.Ticks * task.Gap, task.Overhead, task.OnDemandPrice, [task.SpotPrice], [[0]]);

    public Placement Choose(in TickView view)
    {
        if (view.Tick > 0)
        {
            _rule.Advance();
        }

        _rule.Saw(0, view.HasSpot);
        var now = new Ride((RideKind)view.Current, 0);
        return (Placement)_rule.Choose(task.Work - view.Done, journey.Deadline - view.Elapsed, view.Pending, now, [task.SpotPrice], [view.HasSpot]).Kind;
    }
}
