using System.Globalization;

namespace Orchestrator.Agent.Training;

/// <summary>How often the kernel's OOM killer has struck: in our control group where it counts (v2, v1), else on the whole machine.</summary>
internal static class OomCounter
{
    public static long Read()
    {
        foreach (var file in Candidates())
        {
            try
            {
                foreach (var line in File.ReadLines(file))
                {
                    if (line.StartsWith("oom_kill ", StringComparison.Ordinal)
                        && long.TryParse(line.AsSpan("oom_kill ".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                    {
                        return count;
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not this kind of control group: the next place.
            }
        }

        return 0;
    }

    /// <summary>137 is also what any SIGKILL gives: it takes a kill by the kernel on top.</summary>
    public static bool Explains(int exitCode, long before) => exitCode == 137 && Read() > before;

    private static IEnumerable<string> Candidates()
    {
        string[] groups;
        try
        {
            groups = File.ReadAllLines("/proc/self/cgroup");
        }
        catch (IOException)
        {
            groups = [];
        }

        foreach (var line in groups)
        {
            var parts = line.Split(':', 3);
            if (parts.Length == 3 && parts[1].Length == 0)
            {
                yield return "/sys/fs/cgroup" + parts[2].TrimEnd('/') + "/memory.events";
            }
            else if (parts.Length == 3 && parts[1].Split(',').Contains("memory"))
            {
                yield return "/sys/fs/cgroup/memory" + parts[2].TrimEnd('/') + "/memory.oom_control";
            }
        }

        yield return "/sys/fs/cgroup/memory.events";
        yield return "/sys/fs/cgroup/memory/memory.oom_control";
        yield return "/proc/vmstat";
    }
}
