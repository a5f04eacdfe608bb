using Orchestrator.Engine.Hosts;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent.Portable;

/// <summary>
/// A test of the portable agent: skipped where it, or the root file systems to start it in, cannot be had. In CI both must be
/// there: a proof that is skipped for ever proves nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PortableFactAttribute : FactAttribute
{
    public PortableFactAttribute() => Skip = Reason()!;

    internal static string? Reason()
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            return null;
        }

        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_AGENT") is not { Length: > 0 } agent || AgentBuild.Beside(agent) is not { OpenSsl: "static" })
        {
            return "needs the agent as scripts/test builds it, on the portable base (artifacts/sysroot.log says why there is none)";
        }

        return MinimalRoot.Missing() ?? (Environment.IsPrivilegedProcess ? null : "needs root, to change the root folder");
    }
}
