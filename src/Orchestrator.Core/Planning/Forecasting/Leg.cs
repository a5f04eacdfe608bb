namespace Orchestrator.Planning.Forecasting;

/// <summary>One instance from its order until it is interrupted or the work is done: what it is expected to cost and to get done.</summary>
/// <param name="Costs">In dollars.</param>
/// <param name="Done">Work that is durable at its end, in hours of the cards it was measured on.</param>
/// <param name="Left">The rest of it.</param>
/// <param name="Interrupted">Chance that it does not see the end of the work.</param>
internal readonly record struct Leg(PartCosts Costs, double Done, double Left, double Interrupted)
{
    /// <summary>By unit of work, if instances like this one follow each other: what began it is a cost of having been interrupted.</summary>
    /// <param name="computePerWork">Price of an hour of work.</param>
    /// <param name="more">What the next ones cost more than this one.</param>
    public PartCosts PerWork(double computePerWork, in PartCosts more = default)
    {
        var each = (Costs + more) * (1 / Done);
        return each with { Compute = computePerWork, LostWork = Math.Max(0, each.Compute + each.LostWork - computePerWork) };
    }
}
