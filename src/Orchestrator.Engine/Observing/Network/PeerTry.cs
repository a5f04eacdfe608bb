using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Engine.Observing.Network;

/// <summary>Tries to reach a peer: one TCP connection, closed at once.</summary>
internal static class PeerTry
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    /// <param name="peer">Whom.</param>
    /// <param name="ownIsElsewhere">This machine's own addresses stand for other machines; otherwise they are not tried.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<PeerReach> ReachAsync(NetworkPeer peer, bool ownIsElsewhere, CancellationToken cancellation)
    {
        if (peer.Port == 0)
        {
            return new(ReachOutcome.None, null, IsHere: false);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limit);
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(peer.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(peer.Host, limit.Token);
        }
        catch (SocketException unknown)
        {
            return new(OfName(unknown.SocketErrorCode, Routes.LeadOut), null, IsHere: false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(OfName(SocketError.TryAgain, Routes.LeadOut), null, IsHere: false);
        }

        if (!ownIsElsewhere && addresses.FirstOrDefault(Routes.IsOwn) is { } own)
        {
            return new(ReachOutcome.Unclear, own.ToString(), IsHere: true);
        }

        // At once: an address that swallows everything must not use up the time of the next.
        var reached = await Task.WhenAll(addresses.Select(address => ReachAsync(address, peer.Port, limit.Token, cancellation)));
        return reached.MaxBy(one => one.Outcome) ?? new(ReachOutcome.Unclear, null, IsHere: false);
    }

    /// <summary>What a name that cannot be looked up says: "not now" that nobody answers, "there is none" nothing.</summary>
    internal static ReachOutcome OfName(SocketError error, bool routesLeadOut) => error != SocketError.TryAgain ? ReachOutcome.Unclear
        : routesLeadOut ? ReachOutcome.NoAnswer
        : ReachOutcome.NoRoute;

    /// <summary>What a connection that failed says. A refusal has come over the network.</summary>
    /// <param name="error">Of the connection.</param>
    /// <param name="hasRoute">As the routing table has it: "unreachable" may also be the word of a router far away.</param>
    internal static ReachOutcome OfConnection(SocketError error, bool hasRoute) => error switch
    {
        SocketError.ConnectionRefused or SocketError.ConnectionReset => ReachOutcome.Answered,
        SocketError.TimedOut or SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.HostDown or SocketError.NetworkDown =>
            hasRoute ? ReachOutcome.NoAnswer : ReachOutcome.NoRoute,
        _ => ReachOutcome.Unclear,
    };

    private static async Task<PeerReach> ReachAsync(IPAddress address, int port, CancellationToken limit, CancellationToken cancellation)
    {
        ReachOutcome outcome;
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, port, limit);
            outcome = ReachOutcome.Answered;
        }
        catch (SocketException failed)
        {
            outcome = OfConnection(failed.SocketErrorCode, Routes.Has(address));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            outcome = OfConnection(SocketError.TimedOut, Routes.Has(address));
        }

        return new(outcome, address.ToString(), IsHere: false);
    }
}
