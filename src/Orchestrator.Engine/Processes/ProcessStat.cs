using System.Globalization;

namespace Orchestrator.Engine.Processes;

/// <summary>What /proc/PID/stat says: the state letter and the start time in clock ticks since boot (field 22).</summary>
public readonly record struct ProcessStat(int Pid, char State, long StartTicks)
{
    /// <summary>A zombie has ended; only its parent has not asked for the exit code yet.</summary>
    public bool HasEnded => State is 'Z' or 'X' or 'x';

    public static ProcessStat? Read(int pid)
    {
        try
        {
            return TryParse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")), out var stat) ? stat : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            // A process that ends while its file is being read gives ESRCH, which the BCL reports as a plain IOException.
            return null;
        }
    }

    /// <summary>The name (field 2) may hold spaces and parentheses, so fields are counted from the last one.</summary>
    public static bool TryParse(string line, out ProcessStat stat)
    {
        stat = default;
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var close = line.LastIndexOf(')');
        if (open < 1 || close < open || !int.TryParse(line.AsSpan(0, open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
        {
            return false;
        }

        var fields = line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 20 || fields[0].Length != 1 || !long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var start))
        {
            return false;
        }

        stat = new(pid, fields[0][0], start);
        return true;
    }
}
