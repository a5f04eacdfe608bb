namespace Orchestrator.Server.Composition;

/// <summary>Finds the agent's executable.</summary>
internal static class AgentProgram
{
    internal const string Variable = "ORCHESTRATOR_AGENT";
    private const string Name = "orchestrator-agent";

    /// <summary>What the variable names, else the file beside this program or in the folder beside its own (as the build puts it).</summary>
    internal static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Path.GetFullPath(named);
        }

        var here = AppContext.BaseDirectory;
        string[] places = [Path.Combine(here, Name), Path.Combine(here, "..", "agent", Name)];
        return Path.GetFullPath(places.FirstOrDefault(File.Exists) ?? places[0]);
    }
}
