using System.Globalization;

namespace Orchestrator.Agent.Native;

/// <summary>One line of /proc/PID/stat.</summary>
internal sealed record ProcessEntry(int Pid, string Command, char State, int Parent, int Group, int Session, long StartTicks)
{
    public static ProcessEntry? Read(int pid)
    {
        string text;
        try
        {
            text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked (ENOENT, ESRCH).
            return null;
        }

        return Parse(pid, text);
    }

    internal static ProcessEntry? Parse(int pid, string text)
    {
        // The name is in parentheses and may itself contain parentheses and blanks: the last one closes it.
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.LastIndexOf(')');
        if (open < 0 || close < open)
        {
            return null;
        }

        var fields = text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length < 20
            ? null
            : new ProcessEntry(
                pid,
                text[(open + 1)..close],
                fields[0][0],
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                int.Parse(fields[2], CultureInfo.InvariantCulture),
                int.Parse(fields[3], CultureInfo.InvariantCulture),
                long.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    /// <summary>All processes of this machine (or container).</summary>
    public static List<ProcessEntry> All()
    {
        var result = new List<ProcessEntry>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } entry)
            {
                result.Add(entry);
            }
        }

        return result;
    }
}
