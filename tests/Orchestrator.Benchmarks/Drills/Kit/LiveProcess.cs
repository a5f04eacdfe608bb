using System.Globalization;
using System.Text;

namespace Orchestrator.Drills.Kit;

/// <summary>A look at one process as the operating system shows it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="StartTicks">When it began, in clock ticks since boot.</param>
/// <param name="State">The letter of /proc/PID/stat: T = stopped.</param>
/// <param name="Arguments">Its command line.</param>
public sealed record LiveProcess(int Pid, long StartTicks, char State, string[] Arguments)
{
    /// <summary>NAME=VALUE of its environment; empty when it is not ours to read.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment ??= ReadEnvironment(Pid);

    private IReadOnlyDictionary<string, string>? _environment;

    /// <summary>Value of an option <c>--name VALUE</c>.</summary>
    public string? Option(string name)
    {
        var at = Array.IndexOf(Arguments, name);
        return at >= 0 && at + 1 < Arguments.Length ? Arguments[at + 1] : null;
    }

    /// <summary>Does it work in the folder, or name something in it in its arguments or environment?</summary>
    public bool Names(string folder) =>
        Array.Exists(Arguments, argument => Mentions(argument, folder)) || Mentions(WorkingFolder(), folder) || Environment.Values.Any(value => Mentions(value, folder));

    public static IEnumerable<LiveProcess> All()
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != System.Environment.ProcessId && Read(pid) is { } process)
            {
                yield return process;
            }
        }
    }

    /// <summary>Null when there is no such process, or only its zombie.</summary>
    public static LiveProcess? Read(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name in parentheses may contain anything.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : new(pid, long.Parse(fields[19], CultureInfo.InvariantCulture), fields[0][0], Split(File.ReadAllBytes($"/proc/{pid}/cmdline")));
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return null;
        }
    }

    private string WorkingFolder()
    {
        try
        {
            return new DirectoryInfo($"/proc/{Pid}/cwd").LinkTarget ?? "";
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return "";
        }
    }

    private static Dictionary<string, string> ReadEnvironment(int pid)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        try
        {
            foreach (var pair in Split(File.ReadAllBytes($"/proc/{pid}/environ")))
            {
                var at = pair.IndexOf('=', StringComparison.Ordinal);
                if (at > 0)
                {
                    found[pair[..at]] = pair[(at + 1)..];
                }
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // It has ended while we looked: it names nothing any more.
        }

        return found;
    }

    private static bool Mentions(string text, string folder) =>
        text.Contains(folder + "/", StringComparison.Ordinal) || text.EndsWith(folder, StringComparison.Ordinal);

    private static string[] Split(byte[] text) => Encoding.UTF8.GetString(text).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsGone(Exception error) => error is IOException or UnauthorizedAccessException;
}
