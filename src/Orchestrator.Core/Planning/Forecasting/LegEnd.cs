namespace Orchestrator.Planning.Forecasting;

/// <summary>One way in which a leg may end.</summary>
/// <param name="Share">Chance.</param>
/// <param name="Dollars">What the leg costs then.</param>
/// <param name="Left">Hours of work that are left then; 0 = it is done.</param>
internal readonly record struct LegEnd(double Share, double Dollars, double Left);
