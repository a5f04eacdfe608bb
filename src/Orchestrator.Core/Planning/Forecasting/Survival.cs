namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// Chance that an instance lives on. Its rate is only estimated (a Gamma posterior), so the chance is a mixture: some hosts are
/// far better than their kind, and the longer one lived, the likelier it is one of them.
/// </summary>
/// <param name="Rate">Interruptions per operational hour.</param>
/// <param name="Shape">How many interruptions stand behind the rate.</param>
/// <param name="Age">Hours it has lived.</param>
public readonly record struct Survival(double Rate, double Shape, double Age)
{
    private const int Points = 8;

    // Gauss and Legendre's points and weights on (0, 1) for v; hours are taken at v squared, since the hazard is steepest at the start.
    private static readonly double[] _hours = new double[Points];
    private static readonly double[] _weights = new double[Points];
    private static readonly double[] _operational = new double[Points];

    private readonly double _lived = Age <= 0 ? 0 : Hazard.Operational(Age);

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
    public double At(double hours) => Rate <= 0 ? 1 : OfOperational(Hazard.Operational(Age + hours) - _lived);

    /// <summary>Hours that it is expected to live of so many.</summary>
    public double Hours(double most) => Of(most).Hours;

    /// <summary>Both at once.</summary>
    public (double Chance, double Hours) Of(double most)
    {
        if (Rate <= 0 || most <= 0)
        {
            return (1, Math.Max(0, most));
        }

        var all = Hazard.Operational(Age + most) - _lived;
        var sum = 0d;
        for (var i = 0; i < Points; i++)
        {
            sum += _weights[i] * (Age <= 0 ? OfOperational(all * _operational[i]) : At(most * _hours[i]));
        }

        return (OfOperational(all), Math.Min(most, most * sum));
    }

    /// <summary>Hours after which the chance is this.</summary>
    public double HoursAt(double chance)
    {
        if (Rate <= 0 || chance >= 1)
        {
            return Rate <= 0 ? double.PositiveInfinity : 0;
        }

        var passed = 1 + (Rate * _lived / Shape);
        var operational = Shape * passed / Rate * (Math.Pow(Math.Max(chance, 1e-12), -1 / Shape) - 1);
        return Math.Max(0, Hazard.Hours(_lived + operational) - Age);
    }

    private double OfOperational(double hours)
    {
        // What has been lived through is known: the posterior after it is a Gamma of the same shape and a smaller rate.
        var passed = 1 + (Rate * _lived / Shape);
        var each = 1 + (Rate * hours / (Shape * passed));
        return Shape == 2 ? 1 / (each * each) : Math.Pow(each, -Shape);
    }
}
