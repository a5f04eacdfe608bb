using System.Globalization;
using System.Text;

namespace Orchestrator.Providers.Local;

/// <summary>Reads /proc: who lives, and who carries an instance's mark.</summary>
internal static class ProcessTable
{
    private static readonly string _bootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    public static bool IsAlive(LocalSupervisor who) => who.BootId == _bootId && StartTicks(who.Pid) == who.StartTicks;

    /// <summary>Pids whose environment names this instance: also those that left the trainer's session.</summary>
    public static IReadOnlyList<int> Marked(string variable, string value)
    {
        var mark = Encoding.UTF8.GetBytes($"{variable}={value}\0");
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != Environment.ProcessId && StartTicks(pid) is not null && Contains(folder, mark))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    private static bool Contains(string folder, byte[] mark)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(mark) >= 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is somebody else's: then it is not ours.
            return false;
        }
    }

    /// <summary>Field 22 of stat; null for a process that is not there or a zombie.</summary>
    private static long? StartTicks(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
