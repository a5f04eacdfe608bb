using System.Globalization;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Training;

/// <summary>
/// Finds who a signal is meant for. A script's shell would die of it and leave the trainer behind, a launcher that does not
/// know SIGUSR1 would die of that, and data loaders are not to hear of it at all: so it goes down the tree to the first that
/// is no shell (or, for a request, that handles the signal).
/// </summary>
internal static class TrainerSignaller
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "zsh", "busybox"];

    /// <param name="trainer">The root of the tree.</param>
    /// <param name="signal">Number.</param>
    /// <param name="onlyHandlers">Leave alone who would die of it.</param>
    /// <param name="except">Who had it already.</param>
    /// <returns>Who got it.</returns>
    public static List<ProcessIdentity> Send(ProcessIdentity trainer, int signal, bool onlyHandlers, IReadOnlySet<ProcessIdentity> except)
    {
        var all = ProcessEntry.All().Where(entry => entry.State != 'Z').ToList();
        var sent = new List<ProcessIdentity>();
        if (!trainer.IsAlive)
        {
            return sent;
        }

        var open = new Queue<ProcessEntry>(all.Where(entry => entry.Pid == trainer.Pid));
        while (open.TryDequeue(out var entry))
        {
            var children = all.Where(one => one.Parent == entry.Pid).ToList();
            var handles = Handles(entry.Pid, signal);
            var passesOn = Shells.Contains(entry.Command) && children.Count > 0;
            var meant = onlyHandlers ? handles && !passesOn : !passesOn;
            if (meant)
            {
                var identity = new ProcessIdentity(ProcessIdentity.CurrentBoot, entry.Pid, entry.StartTicks);
                if (!except.Contains(identity) && Libc.kill(entry.Pid, signal) == 0)
                {
                    sent.Add(identity);
                }
            }
            else
            {
                children.ForEach(open.Enqueue);
            }
        }

        return sent;
    }

    /// <summary>Kills all that is left of the trainer's session, except its wrapper, which has the exit code to write.</summary>
    public static void KillAll(TrainerRecord record)
    {
        foreach (var entry in Members(record))
        {
            _ = Libc.kill(entry.Pid, Libc.SigKill);
        }
    }

    public static bool AnyLeft(TrainerRecord record) => Members(record).Count > 0;

    /// <summary>All that is left of the trainer's session, except its wrapper, oldest first.</summary>
    public static IEnumerable<ProcessEntry> Living(TrainerRecord record) => Members(record).OrderBy(entry => entry.StartTicks).ThenBy(entry => entry.Pid);

    public static bool IsShell(ProcessEntry entry) => Shells.Contains(entry.Command);

    private static List<ProcessEntry> Members(TrainerRecord record)
    {
        if (record.Wrapper.BootId != ProcessIdentity.CurrentBoot)
        {
            return [];
        }

        // What made itself a session of its own is still a descendant of one that is in ours.
        var all = ProcessEntry.All().Where(entry => entry.State != 'Z').ToList();
        var members = all.Where(entry => entry.Session == record.Wrapper.Pid && entry.StartTicks >= record.Wrapper.StartTicks).Select(entry => entry.Pid).ToHashSet();
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var entry in all.Where(entry => members.Contains(entry.Parent)))
            {
                grown |= members.Add(entry.Pid);
            }
        }

        members.Remove(record.Wrapper.Pid);
        return [.. all.Where(entry => members.Contains(entry.Pid))];
    }

    private static bool Handles(int pid, int signal)
    {
        try
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"))
                .FirstOrDefault(one => one.StartsWith("SigCgt:", StringComparison.Ordinal));
            return line is not null && (ulong.Parse(line["SigCgt:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
