using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Support.Ssh;

/// <summary>A test that needs a real sshd (package openssh-server). scripts/test installs it, and in CI it must be there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithSshdAttribute : FactAttribute
{
    public FactWithSshdAttribute() => Skip = Sshd.Program is null && Environment.GetEnvironmentVariable("CI") != "true" ? "needs sshd: apt-get install openssh-server" : null!;
}
