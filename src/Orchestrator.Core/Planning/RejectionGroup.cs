using System.Collections.Immutable;

namespace Orchestrator.Planning;

/// <param name="Name">The check that failed: <c>other GPU</c>.</param>
/// <param name="Count">How many offers it rejected.</param>
/// <param name="Sample">Some of them with their numbers, ordered by provider and id.</param>
public sealed record RejectionGroup(string Name, int Count, ImmutableArray<Rejection> Sample)
{
    public override string ToString() => FormattableString.Invariant($"{Count} {Name}");
}
