using System.Collections.Immutable;

namespace Orchestrator.Simulation.MultiZone;

public sealed record MultiZoneReport(ImmutableArray<PolicyResult> Policies);
