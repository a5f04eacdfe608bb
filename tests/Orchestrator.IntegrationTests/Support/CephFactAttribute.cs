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
}
