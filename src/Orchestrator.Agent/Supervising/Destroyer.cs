using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Supervising;

/// <summary>
/// Ends everything an instance runs at once, as a provider that takes its machine away would: supervisor, agent, trainer and
/// what they started. Processes are found by identity and session, never by name.
/// </summary>
internal static class Destroyer
{
    public static int Run(AgentFolder folder)
    {
        // Upwards from the one that restarts the other: a supervisor that lives would bring the agent back.
        var roots = new List<ProcessIdentity>();
        foreach (var identity in new[]
        {
            JsonFile.Read(folder.Supervisor, AgentJson.Default.ProcessIdentity),
            JsonFile.Read(folder.AgentIdentity, AgentJson.Default.ProcessIdentity),
        })
        {
            if (identity is { IsAlive: true })
            {
                roots.Add(identity);
            }
        }

        var record = JsonFile.Read(folder.TrainerRecord, AgentJson.Default.TrainerRecord);
        // A killed process still needs a processor to die on, which a busy machine may not give it for seconds.
        var deadline = Environment.TickCount64 + 30_000;
        while (Environment.TickCount64 < deadline)
        {
            var doomed = Find(roots, record?.Wrapper);
            if (doomed.Count == 0)
            {
                return 0;
            }

            foreach (var pid in doomed)
            {
                _ = Libc.kill(pid, Libc.SigKill);
            }

            Thread.Sleep(20);
        }

        StandardStreams.Error($"orchestrator-agent: some processes below {folder.Root} cannot be killed");
        return 1;
    }

    private static List<int> Find(List<ProcessIdentity> roots, ProcessIdentity? wrapper)
    {
        var all = ProcessEntry.All();
        var doomed = new HashSet<int>();
        foreach (var root in roots.Where(root => root.IsAlive))
        {
            doomed.Add(root.Pid);
        }

        // The wrapper leads the trainer's session; the session outlives it, and within one boot no other takes its number
        // while a member lives.
        var session = wrapper is not null && wrapper.BootId == ProcessIdentity.CurrentBoot ? wrapper.Pid : 0;
        foreach (var entry in all)
        {
            if (session != 0 && entry.Session == session && entry.State != 'Z' && entry.StartTicks >= wrapper!.StartTicks)
            {
                doomed.Add(entry.Pid);
            }
        }

        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var entry in all.Where(entry => entry.State != 'Z' && doomed.Contains(entry.Parent)))
            {
                grown |= doomed.Add(entry.Pid);
            }
        }

        doomed.Remove(Environment.ProcessId);
        doomed.RemoveWhere(pid => pid <= 1);
        return [.. doomed];
    }
}
