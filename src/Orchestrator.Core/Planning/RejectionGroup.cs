using System.Collections.Immutable;

namespace Orchestrator.Planning;

/// <param name="Name">The check that failed: <c>other GPU</c>.</param>
/// <param name="Count">How many offers it rejected.</param>
public sealed record RejectionGroup(string Name, int Count)
{
    /// <summary>Some of them with their numbers, ordered by provider and id. Made when it is first asked for: a tick only counts.</summary>
    public ImmutableArray<Rejection> Sample => Making?.Value ?? [];

    internal Lazy<ImmutableArray<Rejection>>? Making { get; init; }

    public override string ToString() => FormattableString.Invariant($"{Count} {Name}");
}
