using System.Collections.Immutable;

namespace Orchestrator.Agent.Ahead;

/// <param name="Grants">By no order; each key once.</param>
/// <param name="Files">How many files the newest checkpoint sent: the next ones will send about as many.</param>
internal sealed record KeptGrants(ImmutableArray<KeptGrant> Grants, int Files = 0);
