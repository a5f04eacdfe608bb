using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Engine.Observing.Network;

/// <summary>Asks this machine's routing table. Connecting a datagram socket sends nothing: the kernel only looks the way up.</summary>
internal static class Routes
{
    private const int AnyPort = 9;

    // Reserved for documentation: nobody has them, so only the way out leads there.
    private static readonly IPAddress[] _elsewhere = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")];

    /// <summary>A way out of the local networks.</summary>
    public static bool LeadOut => _elsewhere.Any(Has);

    public static bool Has(IPAddress address) => SourceOf(address) is not null;

    /// <summary>Whether the address is one of this machine's: such a connection has the same address at both ends.</summary>
    public static bool IsOwn(IPAddress address) => IPAddress.IsLoopback(address) || address.Equals(SourceOf(address));

    /// <summary>Where a connection to it would come from; null = there is no way.</summary>
    private static IPAddress? SourceOf(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(address, AnyPort);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException none) when (none.SocketErrorCode is SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown
            or SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
        {
            return null;
        }
    }
}
