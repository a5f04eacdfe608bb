using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <param name="Ticks">Recorded ticks that were decided again.</param>
/// <param name="Differences">One line each; empty = this version decides the same.</param>
public sealed record ReplayReport(int Ticks, ImmutableArray<string> Differences);
