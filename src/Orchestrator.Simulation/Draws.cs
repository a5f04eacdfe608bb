using Orchestrator.Determinism;

namespace Orchestrator.Simulation;

/// <summary>Distributions over the seeded generator, and seeds for things that have a place in a world.</summary>
internal static class Draws
{
    /// <summary>A generator for one thing at one place: the same whoever asks, and in whatever order.</summary>
    public static SeededRandom At(ulong seed, ulong place, ulong moment = 0) => new(Seed(seed, place, moment));

    /// <summary>In [0, 1) for one thing at one place.</summary>
    public static double Share(ulong seed, ulong place, ulong moment) => SeededRandom.First(Seed(seed, place, moment));

    public static double Between(this SeededRandom random, double from, double to) => from + ((to - from) * random.NextDouble());

    public static double Normal(this SeededRandom random) => InverseNormal(Math.Max(random.NextDouble(), 1e-12));

    public static double LogNormal(this SeededRandom random, double median, double sigma) => median * PortableMath.Exp(sigma * random.Normal());

    /// <summary>Shape below 1: what has lasted long lasts longer.</summary>
    public static double Weibull(this SeededRandom random, double scale, double shape) =>
        scale * PortableMath.Pow(-PortableMath.Log(1 - random.NextDouble()) + 1e-12, 1 / shape);

    public static double Exponential(this SeededRandom random, double mean) => -mean * PortableMath.Log(1 - random.NextDouble());

    public static ulong Mix(ulong a, ulong b)
    {
        var z = a + ((b + 1) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private static ulong Seed(ulong seed, ulong place, ulong moment) => Mix(Mix(seed ^ 0x9E3779B97F4A7C15UL, place), moment);

    /// <summary>Acklam's rational approximation; its error of 1e-9 is far below anything simulated.</summary>
    private static double InverseNormal(double p)
    {
        const double low = 0.02425;
        if (p > 1 - low)
        {
            return -InverseNormal(1 - p);
        }

        if (p < low)
        {
            var t = Math.Sqrt(-2 * PortableMath.Log(p));
            return (((((((((-7.784894002430293e-03 * t) - 3.223964580411365e-01) * t) - 2.400758277161838) * t) - 2.549732539343734) * t) + 4.374664141464968) * t + 2.938163982698783)
                / ((((((((7.784695709041462e-03 * t) + 3.224671290700398e-01) * t) + 2.445134137142996) * t) + 3.754408661907416) * t) + 1);
        }

        var q = p - 0.5;
        var r = q * q;
        return (((((((((-3.969683028665376e+01 * r) + 2.209460984245205e+02) * r) - 2.759285104469687e+02) * r) + 1.383577518672690e+02) * r) - 3.066479806614716e+01) * r + 2.506628277459239) * q
            / ((((((((((-5.447609879822406e+01 * r) + 1.615858368580409e+02) * r) - 1.556989798598866e+02) * r) + 6.680131188771972e+01) * r) - 1.328068155288572e+01) * r) + 1);
    }
}
