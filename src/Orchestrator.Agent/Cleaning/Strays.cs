using Orchestrator.Agent.Native;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Cleaning;

/// <summary>
/// What a job has left running although its trainer has ended, in sessions of its own. It falls to the supervisor, and would write on while the host is
/// wiped for another job, and after.
/// </summary>
internal static class Strays
{
    private const int Longest = 10_000;

    /// <summary>Where <see cref="End"/> is false, nobody else gets the host.</summary>
    public static HostCleaned Left => new(false, "not all that the job started could be ended") { Seq = 0, At = default };

    /// <summary>Kills all that runs below the supervisor, but the agent.</summary>
    /// <returns>False = some of it lives, or fell to somebody else: it began before the supervisor that is there now.</returns>
    public static bool End(AgentFolder folder)
    {
        var record = JsonFile.Read(folder.TrainerRecord, AgentJson.Default.TrainerRecord);
        if (JsonFile.Read(folder.Supervisor, AgentJson.Default.ProcessIdentity) is not { IsAlive: true } supervisor || record?.Wrapper.StartTicks < supervisor.StartTicks)
        {
            return false;
        }

        for (var deadline = Environment.TickCount64 + Longest; Below(supervisor.Pid) is { Count: > 0 } left; Thread.Sleep(20))
        {
            if (Environment.TickCount64 > deadline)
            {
                return false;
            }

            foreach (var pid in left)
            {
                _ = Libc.kill(pid, Libc.SigKill);
            }
        }

        return true;
    }

    private static HashSet<int> Below(int supervisor)
    {
        var all = ProcessEntry.All().Where(entry => entry.State != 'Z' && entry.Pid != Environment.ProcessId).ToList();
        var below = new HashSet<int>();
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var entry in all.Where(entry => entry.Parent == supervisor || below.Contains(entry.Parent)))
            {
                grown |= below.Add(entry.Pid);
            }
        }

        return below;
    }
}
