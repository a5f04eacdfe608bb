namespace Orchestrator.Simulation.MultiZone;

/// <summary>
/// The least any policy could have paid, knowing every zone's recording: a dynamic program from the deadline back over (work
/// done, what runs where, overhead pending). Exact, since all times are multiples of one unit; work is rounded up to it.
/// </summary>
public static class ZoneOptimum
{
    private const double Never = 1e18;

    /// <param name="billsLast">False as in the published figures: the tick in which the work is done costs nothing.</param>
    public static double Cost(MultiZoneSetup setup, int start, bool billsLast)
    {
        var zones = setup.Zones.Length;
        var unit = GreatestCommonDivisor((long)Math.Round(setup.Gap), (long)Math.Round(setup.Overhead));
        var (gap, overhead, work) = ((int)(setup.Gap / unit), (int)(setup.Overhead / unit), (int)Math.Ceiling((setup.Work - 1e-6) / unit));
        // Ticks since the launch: 0 = it works, 1 = launched one tick ago and not working yet, ...
        var stages = Math.Max(1, (overhead + gap - 1) / gap);
        var ticks = Math.Min(setup.Ticks, setup.Zones[0].Length - start);
        // Idle by where the checkpoint lies (the last: nowhere); then by kind, which is spot by zone and on-demand by zone, and stage.
        var states = zones + 1 + 2 * zones * stages;
        double[][] next = [.. Enumerable.Range(0, states).Select(_ => new double[work + 1])];
        double[][] value = [.. Enumerable.Range(0, states).Select(_ => new double[work + 1])];
        foreach (var row in next)
        {
            Array.Fill(row, Never, 0, work);
        }

        int Running(int kind, int stage) => zones + 1 + kind * stages + stage;
        var launches = new double[2 * zones];
        var prices = new double[2 * zones];
        var ups = new bool[2 * zones];
        var moves = new double[zones + 1, 2 * zones];
        for (var home = 0; home < zones; home++)
        {
            for (var kind = 0; kind < 2 * zones; kind++)
            {
                moves[home, kind] = setup.MoveCost(home, kind % zones);
            }
        }

        for (var tick = ticks - 1; tick >= 0; tick--)
        {
            var low = Math.Max(0, work - (ticks - tick) * gap);
            var lowNext = Math.Min(work, Math.Max(0, work - (ticks - tick - 1) * gap));
            foreach (var row in next)
            {
                Array.Fill(row, Never, low, lowNext - low);
            }

            for (var kind = 0; kind < launches.Length; kind++)
            {
                ups[kind] = kind >= zones || setup.Zones[kind].Available[start + tick];
                prices[kind] = (kind >= zones ? setup.OnDemandPrice : setup.Zones[kind].Prices[start + tick]) * setup.Gap / 3600;
            }

            for (var done = low; done <= Math.Min(work - 1, tick * gap); done++)
            {
                for (var kind = 0; kind < launches.Length; kind++)
                {
                    launches[kind] = ups[kind] ? Ride(kind, done, overhead, stages > 1 ? 1 : 0) : Never;
                }

                for (var home = 0; home <= zones; home++)
                {
                    var best = next[home][done];
                    for (var kind = 0; kind < launches.Length; kind++)
                    {
                        best = Math.Min(best, launches[kind] + moves[home, kind]);
                    }

                    value[home][done] = best;
                }

                for (var kind = 0; kind < launches.Length; kind++)
                {
                    for (var stage = 0; stage < stages; stage++)
                    {
                        var ride = ups[kind] ? Ride(kind, done, stage == 0 ? 0 : overhead - stage * gap, stage == 0 || stage + 1 == stages ? 0 : stage + 1) : Never;
                        value[Running(kind, stage)][done] = Math.Min(value[kind % zones][done], ride);
                    }
                }
            }

            (next, value) = (value, next);
            foreach (var row in next)
            {
                row[work] = 0;
            }

            double Ride(int kind, int done, int pending, int stage)
            {
                var after = Math.Min(work, done + Math.Max(gap - pending, 0));
                return (after == work && !billsLast ? 0 : prices[kind]) + next[Running(kind, stage)][after];
            }
        }

        return next[zones][0] >= Never / 2 ? double.PositiveInfinity : next[zones][0];
    }

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
