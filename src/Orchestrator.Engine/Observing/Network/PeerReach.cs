namespace Orchestrator.Engine.Observing.Network;

/// <summary>What a try showed.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Address">The address behind the name; null = unknown.</param>
/// <param name="IsHere">The address is this machine's own: what answers there says nothing of the network.</param>
public sealed record PeerReach(ReachOutcome Outcome, string? Address, bool IsHere);
