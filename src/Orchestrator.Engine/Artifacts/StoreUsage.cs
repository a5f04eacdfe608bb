using System.Collections.Immutable;

namespace Orchestrator.Engine.Artifacts;

/// <param name="Jobs">What each job keeps there, by the job's folder (<c>NAME-ID</c>).</param>
/// <param name="Sources">Code and data that jobs were submitted with, shared between them.</param>
/// <param name="IsCut">There is more: the figures are of what was looked at.</param>
public sealed record StoreUsage(ImmutableSortedDictionary<string, ObjectCount> Jobs, ObjectCount Sources, bool IsCut);
