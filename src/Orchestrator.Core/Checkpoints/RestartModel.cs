namespace Orchestrator.Checkpoints;

/// <summary>
/// How long work takes on a machine that is interrupted at random, when it restarts from its last checkpoint. All arguments
/// are in one unit of time: <c>delta</c> = the trainer stands still for a checkpoint, <c>M</c> = mean time between
/// interruptions, <c>R</c> = from an interruption until training goes on, <c>tau</c> = work between two checkpoints, <c>W</c> =
/// work in all. Young, "A first order approximation to the optimum checkpoint interval", CACM 17 (1974) 530; Daly, "A higher
/// order estimate of the optimum checkpoint interval for restart dumps", FGCS 22 (2006) 303, equations 20 and 37.
/// </summary>
public static class RestartModel
{
    /// <summary>exp() of more is no time anybody waits for; below it every result is finite.</summary>
    private const double MaxExponent = 40;

    /// <summary>First order: good while <paramref name="delta"/> is far below <paramref name="meanBetween"/>.</summary>
    public static double YoungInterval(double delta, double meanBetween) => Math.Sqrt(2 * delta * meanBetween);

    /// <summary>Higher order; with interruptions closer than two checkpoints, one per mean time.</summary>
    public static double DalyInterval(double delta, double meanBetween)
    {
        if (delta >= 2 * meanBetween)
        {
            return meanBetween;
        }

        var ratio = delta / (2 * meanBetween);
        return (YoungInterval(delta, meanBetween) * (1 + (Math.Sqrt(ratio) / 3) + (ratio / 9))) - delta;
    }

    /// <summary>Expected wall time of <paramref name="work"/>: checkpoints, work done twice and restarts included.</summary>
    public static double ExpectedTime(double work, double interval, double delta, double restart, double meanBetween)
    {
        if (work <= 0)
        {
            return 0;
        }

        // Without interruptions, and where they are so rare that exp() would round them away.
        var perSegment = (interval + delta) / meanBetween;
        if (perSegment < 1e-12)
        {
            return work * (1 + (delta / interval));
        }

        return meanBetween * Math.Exp(Math.Min(MaxExponent, restart / meanBetween)) * (Math.Exp(Math.Min(MaxExponent, perSegment)) - 1) * work / interval;
    }

    /// <summary>Expected number of interruptions meanwhile.</summary>
    public static double ExpectedInterruptions(double work, double interval, double delta, double restart, double meanBetween) =>
        double.IsPositiveInfinity(meanBetween) ? 0 : ExpectedTime(work, interval, delta, restart, meanBetween) / meanBetween;
}
