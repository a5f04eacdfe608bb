namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// Chance that an instance lives on. Its rate is only estimated (a Gamma posterior), so the chance is a mixture: some hosts are
/// far better than their kind, and the longer one lived, the likelier it is one of them.
/// </summary>
/// <param name="rate">Interruptions per operational hour.</param>
/// <param name="shape">How many interruptions stand behind the rate.</param>
/// <param name="age">Hours it has lived.</param>
internal readonly struct Survival(double rate, double shape, double age)
{
    private const int Points = 8;

    // Gauss and Legendre's points and weights on (0, 1) for v; hours are taken at v squared, since the hazard is steepest at the start.
    private static readonly double[] _hours = new double[Points];
    private static readonly double[] _weights = new double[Points];
    private static readonly double[] _operational = new double[Points];

    private readonly double _lived = age <= 0 ? 0 : Hazard.Operational(age);

    static Survival()
    {
        ReadOnlySpan<double> at = [0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363];
        ReadOnlySpan<double> weight = [0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];
        for (var i = 0; i < Points; i++)
        {
            var v = (1 + (i % 2 == 0 ? at[i / 2] : -at[i / 2])) / 2;
            _hours[i] = v * v;
            _weights[i] = weight[i / 2] * v;
            _operational[i] = Math.Pow(_hours[i], Priors.LifeShape);
        }
    }

    /// <summary>For so many hours more.</summary>
    public double At(double hours) => rate <= 0 ? 1 : OfOperational(Hazard.Operational(age + hours) - _lived);

    /// <summary>Hours that it is expected to live of so many.</summary>
    public double Hours(double most)
    {
        if (rate <= 0 || most <= 0)
        {
            return Math.Max(0, most);
        }

        var sum = 0d;
        var all = age <= 0 ? Hazard.Operational(most) : 0;
        for (var i = 0; i < Points; i++)
        {
            sum += _weights[i] * (age <= 0 ? OfOperational(all * _operational[i]) : At(most * _hours[i]));
        }

        return Math.Min(most, most * sum);
    }

    private double OfOperational(double hours)
    {
        // What has been lived through is known: the posterior after it is a Gamma of the same shape and a smaller rate.
        var passed = 1 + (rate * _lived / shape);
        var each = 1 + (rate * hours / (shape * passed));
        return shape == 2 ? 1 / (each * each) : Math.Pow(each, -shape);
    }
}
