namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// How far a run may stray from its expected time. The number of interruptions is negative binomial (Poisson with a rate that
/// is itself only estimated: the Gamma posterior of the hazard); each costs the same; the hours without them are lognormal
/// around what work and speed say. Left out: that an interruption costs more or less by when it comes, and that it ends on
/// another offer. Both average out over several and hardly matter for none.
/// </summary>
internal static class Spread
{
    private const int MostInterruptions = 400;

    /// <summary>The time that this share of runs stays below.</summary>
    /// <param name="share">Between 0 and 1.</param>
    /// <param name="calm">Hours without interruptions.</param>
    /// <param name="spread">Standard deviation of their logarithm.</param>
    /// <param name="interruptions">Expected number.</param>
    /// <param name="shape">Interruptions that stand behind the estimate of the hazard.</param>
    /// <param name="each">Hours one costs.</param>
    public static double Quantile(double share, double calm, double spread, double interruptions, double shape, double each)
    {
        if (calm <= 0 || double.IsNaN(each))
        {
            return Math.Max(0, calm);
        }

        var low = 0d;
        var high = (calm * Math.Exp(4 * spread)) + (each * MostInterruptions);
        for (var step = 0; step < 48 && high - low > calm * 1e-4; step++)
        {
            var middle = (low + high) / 2;
            if (Below(middle, calm, spread, interruptions, shape, each) < share)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }

    /// <summary>The share of runs that are done in so many hours.</summary>
    public static double Below(double hours, double calm, double spread, double interruptions, double shape, double each)
    {
        if (calm <= 0)
        {
            return hours >= 0 ? 1 : 0;
        }

        // P(n) of the negative binomial, each from the one before.
        var chance = shape / (shape + interruptions);
        var probability = Math.Pow(chance, shape);
        var sum = 0d;
        for (var n = 0; n < MostInterruptions; n++)
        {
            var rest = hours - (n * each);
            if (rest <= 0)
            {
                break;
            }

            sum += probability * Normal(Math.Log(rest / calm) / spread);
            probability *= (shape + n) / (n + 1) * (1 - chance);
            if (probability < 1e-7 && n > interruptions)
            {
                break;
            }
        }

        return sum;
    }

    /// <summary>Distribution function of the normal law (Abramowitz and Stegun 26.2.17, error below 1e-7).</summary>
    public static double Normal(double z)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var tail = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return z >= 0 ? 1 - tail : tail;
    }
}
