using Orchestrator.Simulation.Traces;

namespace Orchestrator.Simulation.CantBeLate;

/// <summary>
/// The published single-region simulator, tick by tick, so that figures can be compared to the cent: a tick that was asked for
/// is billed whole; overhead does not stack; work of the tick in which spot went away is kept; the safety net overrules every
/// policy.
/// </summary>
public static class SingleRegion
{
    public static RunResult Run(TaskSetup task, AvailabilityTrace trace, ITickPolicy policy, Action<int, Placement>? observe = null)
    {
        var (done, pending, cost) = (0.0, 0.0, 0.0);
        var ran = Placement.None;
        var (spot, onDemand) = (task.SpotPrice * task.Gap / 3600, task.OnDemandPrice * task.Gap / 3600);
        for (var tick = 0; tick <= task.Ticks; tick++)
        {
            if (ran != Placement.None)
            {
                var progress = Math.Max(task.Gap - pending, 0);
                pending -= task.Gap - progress;
                done += Math.Min(progress, task.Work - done);
                cost += ran == Placement.Spot ? spot : onDemand;
            }

            if (done >= task.Work)
            {
                return new RunResult(cost, false);
            }

            if (tick == task.Ticks || tick == trace.Length)
            {
                break;
            }

            var view = ViewOf(tick, task, done, ran, trace.Available[tick], pending);
            var request = SafetyNet(task, view, policy.Choose(view));
            if (request != Placement.None && request != view.Current)
            {
                pending = task.Overhead;
            }

            observe?.Invoke(tick, request);
            ran = request;
        }

        return new RunResult(cost, true);
    }

    private static TickView ViewOf(int tick, TaskSetup task, double done, Placement ran, bool hasSpot, double pending) =>
        new(tick, tick * task.Gap, done, ran, ran == Placement.Spot && !hasSpot ? Placement.None : ran, hasSpot, pending);

    private static Placement SafetyNet(TaskSetup task, in TickView view, Placement request)
    {
        if (task.Whole(task.Work - view.Done + task.Overhead) < task.Left(view.Elapsed))
        {
            return request;
        }

        return view.Current == Placement.Spot && view.Pending <= 0 ? Placement.Spot : Placement.OnDemand;
    }
}
