using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>A test that starts a Docker daemon of its own (package docker.io), as root. scripts/test installs it, and in CI it must be there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithDockerAttribute : FactAttribute
{
    public FactWithDockerAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null!
        : !Environment.IsPrivilegedProcess ? "needs root: it starts a Docker daemon"
        : !File.Exists("/usr/sbin/dockerd") ? "needs Docker: apt-get install docker.io"
        : null!;
}
