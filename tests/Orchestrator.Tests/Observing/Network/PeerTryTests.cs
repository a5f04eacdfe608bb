using System.Net.Sockets;
using Orchestrator.Engine.Observing.Network;
using Xunit;

namespace Orchestrator.Tests.Observing.Network;

public sealed class PeerTryTests
{
    [Theory]
    [InlineData(SocketError.ConnectionRefused, true, ReachOutcome.Answered)]
    [InlineData(SocketError.ConnectionReset, true, ReachOutcome.Answered)]
    [InlineData(SocketError.TimedOut, true, ReachOutcome.NoAnswer)]
    [InlineData(SocketError.HostUnreachable, true, ReachOutcome.NoAnswer)]
    // A router far away may say it as well.
    [InlineData(SocketError.NetworkUnreachable, true, ReachOutcome.NoAnswer)]
    [InlineData(SocketError.NetworkUnreachable, false, ReachOutcome.NoRoute)]
    [InlineData(SocketError.TimedOut, false, ReachOutcome.NoRoute)]
    [InlineData(SocketError.AccessDenied, true, ReachOutcome.Unclear)]
    public void A_connection_that_fails_says(SocketError error, bool hasRoute, ReachOutcome outcome) => Assert.Equal(outcome, PeerTry.OfConnection(error, hasRoute));

    [Theory]
    [InlineData(SocketError.TryAgain, true, ReachOutcome.NoAnswer)]
    [InlineData(SocketError.TryAgain, false, ReachOutcome.NoRoute)]
    [InlineData(SocketError.HostNotFound, true, ReachOutcome.Unclear)]
    [InlineData(SocketError.HostNotFound, false, ReachOutcome.Unclear)]
    public void A_name_that_is_not_found_says(SocketError error, bool routesLeadOut, ReachOutcome outcome) => Assert.Equal(outcome, PeerTry.OfName(error, routesLeadOut));

    [Fact]
    public async Task What_is_on_this_machine_is_not_tried_and_a_proxy_hides_its_peer()
    {
        Assert.Equal(new PeerReach(ReachOutcome.Unclear, "127.0.0.9", IsHere: true), await PeerTry.ReachAsync(new("127.0.0.9", 9), ownIsElsewhere: false, default));
        Assert.Equal(new PeerReach(ReachOutcome.None, null, IsHere: false), await PeerTry.ReachAsync(new("s3.example.org", 0), ownIsElsewhere: false, default));
    }
}
