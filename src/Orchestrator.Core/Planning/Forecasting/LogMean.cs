namespace Orchestrator.Planning.Forecasting;

/// <summary>A weighted geometric mean that a prior pulls to itself while there is little to go by.</summary>
internal sealed class LogMean
{
    public double Weight { get; private set; }

    private double _sum;

    /// <summary>A figure that cannot be (a clock that ran backwards, a division by zero) teaches nothing.</summary>
    public void Add(double value, double weight)
    {
        if (value > 0 && double.IsFinite(value) && weight > 0)
        {
            Weight += weight;
            _sum += weight * Math.Log(value);
        }
    }

    /// <summary>A share of what another one has seen.</summary>
    public void Add(LogMean other, double share)
    {
        Weight += share * other.Weight;
        _sum += share * other._sum;
    }

    public double Shrunk(double prior, double strength = Priors.MeanStrength) =>
        Weight <= 0 ? prior : Math.Exp(((strength * Math.Log(prior)) + _sum) / (strength + Weight));
}
