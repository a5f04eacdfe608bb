using Orchestrator.Simulation.Traces;

namespace Orchestrator.Simulation.CantBeLate;

/// <summary>
/// The least any policy could have paid, knowing the whole trace: a dynamic program from the deadline back over (work done,
/// what runs, overhead pending). Exact, since all times are multiples of one unit.
/// </summary>
public static class Optimum
{
    private const double Never = 1e18;

    /// <returns>Infinite where no schedule makes the deadline.</returns>
    public static double Cost(TaskSetup task, AvailabilityTrace trace)
    {
        var unit = GreatestCommonDivisor((long)Math.Round(task.Gap), GreatestCommonDivisor((long)Math.Round(task.Overhead), (long)Math.Round(task.Work)));
        var gap = (int)(task.Gap / unit);
        var work = (int)(task.Work / unit);
        var overhead = (int)(task.Overhead / unit);
        // Pending overhead after k whole ticks of it: overhead, overhead - gap, ... down to what the last tick finishes.
        var stages = Math.Max(1, (overhead + gap - 1) / gap);
        var ticks = Math.Min(task.Ticks, trace.Length);
        var states = 1 + 2 * stages;
        var (spot, onDemand) = (task.SpotPrice * task.Gap / 3600, task.OnDemandPrice * task.Gap / 3600);

        // value[s][done]: cheapest end from the start of a tick. State 0 = nothing runs; then spot and on-demand, each by
        // how many ticks of overhead are pending (0 = none).
        var next = Rows(states, work);
        var value = Rows(states, work);
        foreach (var row in next)
        {
            Array.Fill(row, Never, 0, work);
        }

        for (var tick = ticks - 1; tick >= 0; tick--)
        {
            var low = Math.Max(0, work - (ticks - tick) * gap);
            var high = Math.Min(work - 1, tick * gap);
            var hasSpot = trace.Available[tick];
            var (freshFirst, freshRest) = (Math.Max(gap - overhead, 0), stages - 1);
            for (var done = low; done <= high; done++)
            {
                var fresh = Math.Min(work, done + freshFirst);
                var launchSpot = hasSpot ? spot + next[Spot(freshRest, stages)][fresh] : Never;
                var launchOnDemand = onDemand + next[OnDemand(freshRest, stages)][fresh];
                var wait = next[0][done];
                var idle = Math.Min(wait, Math.Min(launchSpot, launchOnDemand));
                value[0][done] = idle;
                for (var pending = 0; pending < stages; pending++)
                {
                    var progress = pending == 0 ? gap : Math.Max(gap - (overhead - (stages - pending) * gap), 0);
                    var after = Math.Min(work, done + progress);
                    var rest = Math.Max(pending - 1, 0);
                    value[Spot(pending, stages)][done] = hasSpot ? Math.Min(idle, spot + next[Spot(rest, stages)][after]) : idle;
                    value[OnDemand(pending, stages)][done] = Math.Min(idle, onDemand + next[OnDemand(rest, stages)][after]);
                }
            }

            (next, value) = (value, next);
            for (var state = 0; state < states; state++)
            {
                // What can no longer be finished, seen from the tick before.
                Array.Fill(next[state], Never, Math.Max(0, low - 2 * gap), Math.Min(low, 2 * gap));
                Array.Fill(value[state], 0, work, 1);
            }
        }

        return next[0][0] >= Never / 2 ? double.PositiveInfinity : next[0][0];
    }

    private static int Spot(int pending, int stages) => 1 + pending;

    private static int OnDemand(int pending, int stages) => 1 + stages + pending;

    private static double[][] Rows(int states, int work) => [.. Enumerable.Range(0, states).Select(_ => new double[work + 1])];

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
