namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// How far the cost may stray: the first instance sees the end or is interrupted early or late, what follows turns out cheap
/// or dear, and the hours are lognormal around what work and speed say.
/// </summary>
internal static class CostSpread
{
    /// <summary>What this share of runs stays below, in dollars.</summary>
    /// <param name="share">Between 0 and 1.</param>
    /// <param name="ends">How the first instance may end.</param>
    /// <param name="alike">Dollars per hour of work on more of the same.</param>
    /// <param name="then">What follows an interruption.</param>
    /// <param name="expected">What the cost is on average.</param>
    /// <param name="spread">Standard deviation of the logarithm of the hours.</param>
    public static double Quantile(double share, ReadOnlySpan<LegEnd> ends, double alike, Continuation? then, double expected, double spread)
    {
        var outcomes = then is null || then.Total <= alike ? [] : then.Outcomes;
        Span<(double Dollars, double Share)> ways = stackalloc (double, double)[ends.Length * Math.Max(1, outcomes.Length)];
        var count = 0;
        var mean = 0d;
        foreach (var end in ends)
        {
            if (end.Left <= 0 || outcomes.IsEmpty)
            {
                ways[count++] = (end.Dollars + (end.Left * alike), end.Share);
            }
            else
            {
                foreach (var outcome in outcomes)
                {
                    ways[count++] = (end.Dollars + (end.Left * outcome), end.Share / outcomes.Length);
                }
            }
        }

        ways = ways[..count];
        var high = expected;
        foreach (var (dollars, chance) in ways)
        {
            mean += dollars * chance;
            high = Math.Max(high, dollars);
        }

        if (mean <= 0 || expected <= 0)
        {
            return Math.Max(0, expected);
        }

        var (low, scale) = (0d, expected / mean);
        high *= Math.Max(1, scale) * Math.Exp(4 * spread);
        for (var i = 0; i < ways.Length; i++)
        {
            ways[i].Dollars = (spread / 2) - (Math.Log(ways[i].Dollars * scale) / spread);
        }

        for (var step = 0; step < 40 && high - low > expected * 1e-4; step++)
        {
            var middle = (low + high) / 2;
            var below = 0d;
            var at = Math.Log(middle) / spread;
            foreach (var (away, chance) in ways)
            {
                below += chance * Spread.Normal(at + away);
            }

            (low, high) = below < share ? (middle, high) : (low, middle);
        }

        return high;
    }
}
