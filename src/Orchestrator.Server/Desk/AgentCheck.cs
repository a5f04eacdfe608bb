using Orchestrator.Engine.Hosts;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What <c>doctor</c> says of the agent: on which hosts it runs.</summary>
internal static class AgentCheck
{
    internal static DoctorCheck Of(string agentPath)
    {
        try
        {
            return AgentBuild.Beside(agentPath) switch
            {
                null => new("agent", "warning", $"nobody knows what the agent needs of a host: there is no {AgentBuild.FileName} beside it", "build it with scripts/orchestrator"),
                { IsPortable: true } build => new("agent", "ok", $"runs on hosts with glibc {build.Glibc} or newer, brings its own TLS"),
                var build => new(
                    "agent",
                    "warning",
                    $"runs only on hosts with glibc {build.Glibc} or newer{(build.OpenSsl == "static" ? "" : ", and stores behind TLS need libssl there")}",
                    "it was linked natively: artifacts/sysroot.log says why; ORCHESTRATOR_DEBIAN_MIRROR may name a mirror with Debian 11"),
            };
        }
        catch (InvalidDataException damaged)
        {
            return new("agent", "warning", damaged.Message);
        }
    }
}
