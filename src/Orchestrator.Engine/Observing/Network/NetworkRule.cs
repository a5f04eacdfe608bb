namespace Orchestrator.Engine.Observing.Network;

/// <summary>
/// Whether it is our own network that is away, and not a peer: on positive evidence only, since a host that is dead must be noticed.
/// Either several peers that answered until the same moment have been tried since and none can be reached, or this machine has no route
/// to any of them. One peer that does not answer, where it was the only one, could be either: then the network counts as there.
/// </summary>
public static class NetworkRule
{
    /// <summary>Peers that fell silent longer apart than this had causes of their own. Stores are asked once a minute.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromMinutes(2);

    private const int Several = 2;

    public static bool IsAway(IReadOnlyCollection<PeerEvidence> peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        var last = peers.Max(peer => peer.AnsweredAt);
        // A server that was started without a network has heard nobody: only its own routes can tell then.
        var silent = last is null ? [.. peers] : peers.Where(peer => peer.AnsweredAt >= last - Together).ToList();
        if (silent.Count == 0 || silent.Any(peer => peer.Outcome is ReachOutcome.None or ReachOutcome.Answered || peer.TriedAt is not { } tried || tried <= last))
        {
            // Somebody answered, or has not been asked since.
            return false;
        }

        return silent.All(peer => peer.Outcome == ReachOutcome.NoRoute)
            || (last is not null && silent.Where(peer => peer.Outcome is ReachOutcome.NoRoute or ReachOutcome.NoAnswer).DistinctBy(peer => peer.Address).Count() >= Several);
    }
}
