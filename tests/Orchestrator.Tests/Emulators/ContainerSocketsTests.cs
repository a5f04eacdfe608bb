using System.Net;
using Orchestrator.Emulators;
using Xunit;

namespace Orchestrator.Tests.Emulators;

/// <summary>Whose a connection is, by lines as the kernel writes them.</summary>
public sealed class ContainerSocketsTests
{
    private const string Id = "6f92ecaeac25f61b0a78dd90f0f651d3fe04e64a868af27ba4b5ba5c4a22968d";
    private const string Other = "86d761105d75882489a4458a6b414504adaea0816026cd443b4115975db04951";

    private static readonly string[] _table =
    [
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
        "   0: 0100007F:1A92 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7650547 1 000000007b568336 100 0 0 10 0",
        "   1: 0100007F:1A92 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 7650600 1 000000007b568337 20 4 30 10 -1",
        "   2: 0100007F:C350 0100007F:1A92 01 00000000:00000000 00:00000000 00000000     0        0 7650601 1 000000007b568338 20 4 30 10 -1",
        "   3: 0100007F:C350 0100007F:1A93 01 00000000:00000000 00:00000000 00000000     0        0 7650602 1 000000007b568339 20 4 30 10 -1",
    ];

    private static readonly string[] _tableOfBoth =
    [
        "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
        "   0: 0000000000000000FFFF00000100007F:C350 0000000000000000FFFF00000100007F:1A92 01 00000000:00000000 00:00000000 00000000     0        0 815 1 000000007b568336 20 4 30 10 -1",
    ];

    private static IPEndPoint Relay { get; } = new(IPAddress.Loopback, 0x1A92);

    /// <summary>Not the accepted end, and not what has the same port to somewhere else.</summary>
    [Fact]
    public void The_socket_of_a_client_is_found_by_both_of_its_ends()
    {
        Assert.Equal("7650601", ContainerSockets.InodeOf(_table, new(IPAddress.Loopback, 0xC350), Relay));
        Assert.Equal("7650602", ContainerSockets.InodeOf(_table, new(IPAddress.Loopback, 0xC350), new(IPAddress.Loopback, 0x1A93)));
        Assert.Null(ContainerSockets.InodeOf(_table, new(IPAddress.Loopback, 0xC351), Relay));
        Assert.Null(ContainerSockets.InodeOf(_table, new(IPAddress.Parse("127.0.0.2"), 0xC350), Relay));
        Assert.Null(ContainerSockets.InodeOf(_table[..1], new(IPAddress.Loopback, 0xC350), Relay));
    }

    /// <summary>As .NET's own sockets are listed.</summary>
    [Fact]
    public void A_socket_of_both_kinds_of_addresses_is_found_as_well() =>
        Assert.Equal("815", ContainerSockets.InodeOf(_tableOfBoth, new(IPAddress.Loopback, 0xC350), Relay));

    [Theory]
    [InlineData("9:name=systemd:/docker/" + Id + "\n8:pids:/docker/" + Id + "\n0::/\n", Id)]
    [InlineData("0::/docker/" + Id + "\n", Id)]
    [InlineData("0::/system.slice/docker-" + Id + ".scope\n", Id)]
    [InlineData("0::/docker/" + Id + "/init\n", Id)]
    [InlineData("0::/docker/" + Other + "/docker/" + Id + "\n", Id)]
    [InlineData("9:name=systemd:/\n0::/\n", null)]
    [InlineData("0::/system.slice/docker.service\n", null)]
    [InlineData("0::/docker/6f92ecaeac25\n", null)]
    public void A_container_is_known_by_its_control_groups(string text, string? container) => Assert.Equal(container, ContainerSockets.ContainerOf(text));
}
