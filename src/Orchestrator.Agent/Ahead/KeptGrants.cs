using System.Collections.Immutable;

namespace Orchestrator.Agent.Ahead;

/// <param name="Grants">By no order; each key once.</param>
/// <param name="Files">How many files the next checkpoints are expected to send; 0 = none was seen yet.</param>
internal sealed record KeptGrants(ImmutableArray<KeptGrant> Grants, int Files = 0);
