namespace Orchestrator.Engine.Observing.Network;

/// <summary>What is known of one peer off this machine. Times count from the beginning of the process.</summary>
/// <param name="Address">Two peers at one address are one.</param>
/// <param name="AnsweredAt">When something last came from there; null = never.</param>
/// <param name="TriedAt">When the last try began; null = none yet.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record PeerEvidence(string Address, TimeSpan? AnsweredAt, TimeSpan? TriedAt, ReachOutcome Outcome);
