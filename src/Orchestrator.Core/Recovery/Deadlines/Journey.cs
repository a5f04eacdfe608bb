using System.Collections.Immutable;

namespace Orchestrator.Recovery.Deadlines;

/// <summary>What a job has to choose from until its deadline. Times in seconds, prices per hour.</summary>
/// <param name="Overhead">From renting until work goes on where it was.</param>
/// <param name="Prices">Of interruptible capacity, by place.</param>
/// <param name="MoveCosts">[from][to]: what carrying the checkpoint there costs.</param>
/// <param name="KeepsRide">At the last moment: interruptible capacity that works may go on working until it is taken away.</param>
public sealed record Journey(
    double Work, double Deadline, double Overhead, double OnDemandPrice, ImmutableArray<double> Prices, ImmutableArray<ImmutableArray<double>> MoveCosts, bool KeepsRide = true)
{
    public int Places => Prices.Length;

    public double MoveCost(int from, int to) => from < 0 || from == to ? 0 : MoveCosts[from][to];
}
