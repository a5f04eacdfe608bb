namespace Orchestrator.Planning.Forecasting;

/// <param name="Ratio">Work per hour here ÷ work per hour on the cards it was measured on.</param>
/// <param name="Spread">Standard deviation of its logarithm.</param>
/// <param name="Origin">Where it comes from.</param>
internal readonly record struct Speed(double Ratio, double Spread, FigureOrigin Origin);
