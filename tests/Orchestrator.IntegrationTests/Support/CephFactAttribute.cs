using System.Net;
using System.Net.Sockets;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>A test that needs the S3 server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CephFactAttribute : FactAttribute
{
    public override string Skip
    {
        get => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(CephServer.Variable)) ? CephServer.Why
            : IsLong && !LongDrills.Wanted ? $"takes a quarter of an hour: {LongDrills.Variable}=1 runs it"
            : OverSsh && Sshd.Program is null && Environment.GetEnvironmentVariable("CI") != "true" ? "needs sshd: apt-get install openssh-server"
            : AtPort22 && !IsPort22Free && Environment.GetEnvironmentVariable("CI") != "true" ? WhyPort22
            : OnMachines && new DockerFactAttribute().Skip is { } why ? why
            : base.Skip;
        set => base.Skip = value;
    }

    /// <summary>It takes minutes by its nature, and is run by whoever asks for it.</summary>
    public bool IsLong { get; set; }

    /// <summary>It needs a real sshd as well.</summary>
    public bool OverSsh { get; set; }

    /// <summary>It needs machines that are containers.</summary>
    public bool OnMachines { get; set; }

    /// <summary>It needs machines that are reached where every machine is.</summary>
    public bool AtPort22 { get; set; }

    /// <summary>In CI a test that needs it fails with these words.</summary>
    public const string WhyPort22 = "needs port 22 of this machine's loopback addresses: something listens at all of them, or only root may";

    public static bool IsPort22Free { get; } = IsFree(22);

    private static bool IsFree(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(new IPAddress([127, 63, 17, 1]), port));
            listener.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
