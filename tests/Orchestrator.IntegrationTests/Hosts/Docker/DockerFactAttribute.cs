using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>A test that starts a Docker daemon of its own, as root, and makes its image of what scripts/lib/make-roots made. In CI all of it must be there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DockerFactAttribute : FactAttribute
{
    public DockerFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null!
        : !Environment.IsPrivilegedProcess ? "needs root: it starts a Docker daemon"
        : TestDocker.Program is null ? "needs Docker: apt-get install docker.io"
        : Sshd.Program is null ? "needs sshd: apt-get install openssh-server"
        : TestDocker.Root is null ? "needs the root file systems of artifacts/roots: scripts/lib/make-roots"
        : null!;
}
