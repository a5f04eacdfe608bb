using System.Globalization;
using Orchestrator.Providers.SshHost;

namespace Orchestrator.Engine.Hosts;

/// <summary>Can the agent run on a host? Asked by the host's own shell, before anything of ours is copied there.</summary>
public static class HostPreflight
{
    /// <summary>Least free space, in MB, beside the agent itself: its journal, log and state.</summary>
    public const int SpareMegabytes = 64;

    private static readonly Lazy<string> _script = new(Load);

    /// <summary>Goes to the standard input of <see cref="Command"/>.</summary>
    public static string Script => _script.Value;

    /// <param name="folder">Where the agent and the job will lie.</param>
    /// <param name="agent">What that agent needs.</param>
    public static string Command(string folder, AgentBuild agent)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(agent);
        return string.Create(CultureInfo.InvariantCulture, $"sh -s -- '{folder.Replace("'", "'\\''", StringComparison.Ordinal)}' {agent.Glibc} {Megabytes(agent)}");
    }

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

    /// <summary>Null = fit; else one line for a person.</summary>
    public static string? Refusal(int exitCode, string output)
    {
        if (exitCode == 0)
        {
            return null;
        }

        var words = (output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return exitCode is >= 10 and <= 15 && words.Length > 0
            ? words
            : $"the host's shell could not tell whether the agent can run there (exit code {exitCode}{(words.Length > 0 ? ": " + words : "")})";
    }

    private static long Megabytes(AgentBuild agent) => (agent.Size >> 20) + 1 + SpareMegabytes;

    private static string Load()
    {
        using var stream = typeof(HostPreflight).Assembly.GetManifestResourceStream("Orchestrator.Engine.Hosts.preflight.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
