using Orchestrator.Engine.Observing.Network;
using Xunit;

namespace Orchestrator.Tests.Observing.Network;

/// <summary>Minutes since the process began: when a peer last answered, when it was tried, and how that ended.</summary>
public sealed class NetworkRuleTests
{
    [Fact]
    public void Several_peers_that_fell_silent_together_and_cannot_be_reached_are_our_own_network()
    {
        Assert.True(NetworkRule.IsAway([Peer("a", 60, 62, ReachOutcome.NoAnswer), Peer("b", 59, 62, ReachOutcome.NoAnswer)]));
        Assert.True(NetworkRule.IsAway([Peer("a", 60, 62, ReachOutcome.NoAnswer), Peer("store", 59, 62, ReachOutcome.NoRoute)]));
        Assert.True(NetworkRule.IsAway([Peer("a", 60, 62, ReachOutcome.NoAnswer), Peer("b", 59, 62, ReachOutcome.NoAnswer), Peer("no such name", 60, 62, ReachOutcome.Unclear)]));
    }

    [Fact]
    public void A_peer_that_answers_proves_the_network_however_many_do_not()
    {
        Assert.False(NetworkRule.IsAway([Peer("dead", 60, 62, ReachOutcome.NoAnswer), Peer("alive", 62.1, 62, ReachOutcome.Answered)]));
        Assert.False(NetworkRule.IsAway([Peer("dead", 60, 62, ReachOutcome.NoAnswer), Peer("dead too", 60, 62, ReachOutcome.NoAnswer), Peer("refuses", 62.1, 62, ReachOutcome.Answered)]));
        // Heard by itself after the tries had begun.
        Assert.False(NetworkRule.IsAway([Peer("dead", 60, 62, ReachOutcome.NoAnswer), Peer("dead too", 60, 62, ReachOutcome.NoAnswer), Peer("speaks", 62.1, 62, ReachOutcome.NoAnswer)]));
    }

    [Fact]
    public void Nothing_is_concluded_from_a_peer_that_was_not_tried_since()
    {
        Assert.False(NetworkRule.IsAway([Peer("a", 60, 62, ReachOutcome.NoAnswer), Peer("b", 60, 62, ReachOutcome.NoAnswer), Peer("untried", 60, 40, ReachOutcome.NoAnswer)]));
        Assert.False(NetworkRule.IsAway([Peer("a", 60, 62, ReachOutcome.NoAnswer), Peer("b", 60, 62, ReachOutcome.NoAnswer), Peer("behind a proxy", 60, 62, ReachOutcome.None)]));
        Assert.False(NetworkRule.IsAway([Peer("a", 60, null, ReachOutcome.None), Peer("b", 60, null, ReachOutcome.None)]));
    }

    [Fact]
    public void One_peer_that_does_not_answer_may_be_dead_itself()
    {
        Assert.False(NetworkRule.IsAway([Peer("only", 60, 62, ReachOutcome.NoAnswer)]));
        Assert.False(NetworkRule.IsAway([Peer("only", 60, 62, ReachOutcome.NoAnswer), Peer("no such name", 60, 62, ReachOutcome.Unclear)]));
        // Two ports of one address are one peer.
        Assert.False(NetworkRule.IsAway([Peer("10.0.0.1", 60, 62, ReachOutcome.NoAnswer), Peer("10.0.0.1", 60, 62, ReachOutcome.NoAnswer)]));
    }

    [Fact]
    public void What_was_dead_before_is_no_witness()
    {
        Assert.False(NetworkRule.IsAway([Peer("dead since yesterday", 1, 62, ReachOutcome.NoAnswer), Peer("the last one", 60, 62, ReachOutcome.NoAnswer)]));
        Assert.False(NetworkRule.IsAway([Peer("never there", null, 62, ReachOutcome.NoAnswer), Peer("the last one", 60, 62, ReachOutcome.NoAnswer)]));
        Assert.False(NetworkRule.IsAway([Peer("never there", null, 62, ReachOutcome.NoRoute), Peer("the last one", 60, 62, ReachOutcome.NoAnswer)]));
    }

    [Fact]
    public void A_machine_without_a_route_needs_no_second_witness()
    {
        Assert.True(NetworkRule.IsAway([Peer("only", 60, 62, ReachOutcome.NoRoute)]));
        Assert.True(NetworkRule.IsAway([Peer("only", 60, 62, ReachOutcome.NoRoute), Peer("dead since yesterday", 1, 62, ReachOutcome.NoAnswer)]));
    }

    /// <summary>A server that was started while the network was away has heard nobody.</summary>
    [Fact]
    public void Before_anybody_was_heard_only_missing_routes_count()
    {
        Assert.True(NetworkRule.IsAway([Peer("a", null, 2, ReachOutcome.NoRoute), Peer("b", null, 2, ReachOutcome.NoRoute)]));
        Assert.False(NetworkRule.IsAway([Peer("a", null, 2, ReachOutcome.NoRoute), Peer("b", null, 2, ReachOutcome.NoAnswer)]));
        Assert.False(NetworkRule.IsAway([Peer("a", null, 2, ReachOutcome.NoAnswer), Peer("b", null, 2, ReachOutcome.NoAnswer)]));
        Assert.False(NetworkRule.IsAway([]));
    }

    private static PeerEvidence Peer(string address, double? answered, double? tried, ReachOutcome outcome) =>
        new(address, answered is { } heard ? TimeSpan.FromMinutes(heard) : null, tried is { } asked ? TimeSpan.FromMinutes(asked) : null, outcome);
}
