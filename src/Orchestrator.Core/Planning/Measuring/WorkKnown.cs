using System.Collections.Immutable;

namespace Orchestrator.Planning.Measuring;

/// <summary>What was measured of a job's work: by itself, and before it.</summary>
/// <param name="Paces">Of its own attempts.</param>
/// <param name="Earlier">The same work before, newest first.</param>
public sealed record WorkKnown(ImmutableArray<PaceSeen> Paces, ImmutableArray<WorkMeasured> Earlier)
{
    public static WorkKnown Nothing { get; } = new([], []);
}
