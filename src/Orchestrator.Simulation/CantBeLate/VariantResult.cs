namespace Orchestrator.Simulation.CantBeLate;

/// <summary>One row of the table: mean costs over <paramref name="N"/> runs.</summary>
/// <param name="Misses">Deadlines that <paramref name="Ours"/> missed.</param>
public sealed record VariantResult(
    string Name, int N, double OnDemand, double SpotElseOnDemand, double Greedy, double UniformProgress, double Ours, double Optimal, int Misses)
{
    /// <summary>The part of the way from Uniform Progress to the optimum that ours goes; null where there is no way to go.</summary>
    public double? Closed => UniformProgress - Optimal > 0.005 ? Math.Round((UniformProgress - Ours) / (UniformProgress - Optimal), 4) : null;
}
