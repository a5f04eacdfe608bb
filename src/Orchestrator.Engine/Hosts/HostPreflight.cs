using Orchestrator.Providers.SshHost;

namespace Orchestrator.Engine.Hosts;

/// <summary>Can the agent run on a host? Asked by the host's own shell, before anything of ours is copied there.</summary>
public static class HostPreflight
{
    /// <summary>Least free space, in MB, beside the agent itself: its journal, log and state.</summary>
    public const int SpareMegabytes = 64;

    private static readonly Lazy<string> _script = new(Load);

    /// <summary>For <c>sh -s</c>: folder, glibc and megabytes are its arguments; exit code 0 = fit, 10 to 15 = not, for the reason it prints.</summary>
    public static string Script => _script.Value;

    /// <summary>For the machines of the <c>ssh</c> provider; null where the build does not say what its agent needs (<c>doctor</c> tells).</summary>
    public static AgentNeeds? NeedsOf(string agentPath)
    {
        try
        {
            return AgentBuild.Beside(agentPath) is { } build ? new(Script, build.Glibc, Megabytes(build)) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static long Megabytes(AgentBuild agent) => (agent.Size >> 20) + 1 + SpareMegabytes;

    private static string Load()
    {
        using var stream = typeof(HostPreflight).Assembly.GetManifestResourceStream("Orchestrator.Engine.Hosts.preflight.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
