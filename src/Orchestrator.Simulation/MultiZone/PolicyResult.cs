using System.Collections.Immutable;

namespace Orchestrator.Simulation.MultiZone;

/// <param name="MeanCost">As published: without the last tick of each run.</param>
/// <param name="MeanPaid">With it.</param>
public sealed record PolicyResult(string Name, double MeanCost, double MeanPaid, int Misses, ImmutableArray<WindowResult> Windows);
