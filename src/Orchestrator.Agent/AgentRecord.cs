using Orchestrator.Agent.Native;

namespace Orchestrator.Agent;

/// <summary>Which process is the agent of a folder.</summary>
internal static class AgentRecord
{
    /// <summary>One agent at a time: one that a dead supervisor left behind makes way.</summary>
    public static void EndOther(AgentFolder folder)
    {
        if (JsonFile.Read(folder.AgentIdentity, AgentJson.Default.ProcessIdentity) is { IsAlive: true } other && other.Pid != Environment.ProcessId)
        {
            Diagnostics.Write($"an older agent still runs ({other}); it is ended");
            _ = Libc.kill(other.Pid, Libc.SigKill);
        }
    }

    /// <summary>By this our successor finds us. A disk that is full now is no reason not to begin.</summary>
    /// <returns>False = it could not be written yet.</returns>
    public static bool Write(AgentFolder folder)
    {
        try
        {
            JsonFile.Write(folder.AgentIdentity, ProcessIdentity.Self, AgentJson.Default.ProcessIdentity);
            return true;
        }
        catch (IOException e) when (DiskFull.IsSaidBy(e))
        {
            return false;
        }
    }
}
