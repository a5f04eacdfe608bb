using System.Collections.Immutable;

namespace Orchestrator.Server.Dashboard.Parts;

/// <param name="Name">In the legend.</param>
/// <param name="Values">One for each instant; null = a gap.</param>
internal sealed record ChartLine(string Name, ImmutableArray<double?> Values);
