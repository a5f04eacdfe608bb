using System.Collections.Immutable;

namespace Orchestrator.Reconciling;

/// <summary>Places where the rest of a running job is expected to cost less than where it is.</summary>
/// <param name="Staying">What the rest costs where it is.</param>
/// <param name="To">The best of them, cheapest first.</param>
public sealed record MoveView(Money Staying, ImmutableArray<MoveTarget> To);
