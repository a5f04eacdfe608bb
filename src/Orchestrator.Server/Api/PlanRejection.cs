using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <param name="Why">The check that failed.</param>
/// <param name="Count">Offers it rejected.</param>
/// <param name="Sample">Some of them with their numbers; fewer than <paramref name="Count"/> where there are many.</param>
public sealed record PlanRejection(string Why, int Count, ImmutableArray<PlanRejected> Sample);
