using Xunit;

namespace Orchestrator.IntegrationTests.Support.Ssh;

/// <summary>A test that needs a real sshd (package openssh-server; scripts/test installs it).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithSshdAttribute : FactAttribute
{
    public FactWithSshdAttribute() => Skip = TestMachine.Sshd is null ? "needs sshd: apt-get install openssh-server" : null!;
}
