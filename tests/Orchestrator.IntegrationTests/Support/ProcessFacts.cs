using System.Globalization;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>What /proc tells about other processes.</summary>
internal static class ProcessFacts
{
    /// <summary>Descriptor numbers and what they are open on.</summary>
    internal static SortedDictionary<int, string> Descriptors(int pid) => new(
        Directory.EnumerateFileSystemEntries(Of(pid, "fd")).ToDictionary(
            entry => int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture),
            entry => new FileInfo(entry).LinkTarget ?? ""));

    /// <summary>The fields of /proc/PID/stat from the third (state) on.</summary>
    internal static string[] Stat(int pid)
    {
        var line = File.ReadAllText(Of(pid, "stat"));
        return line[(line.LastIndexOf(')') + 2)..].Split(' ');
    }

    internal static int Parent(int pid) => int.Parse(Stat(pid)[1], CultureInfo.InvariantCulture);

    internal static int Session(int pid) => int.Parse(Stat(pid)[3], CultureInfo.InvariantCulture);

    internal static int UserId(int pid) => int.Parse(
        File.ReadLines(Of(pid, "status")).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2], CultureInfo.InvariantCulture);

    internal static string WorkingFolder(int pid) => new DirectoryInfo(Of(pid, "cwd")).LinkTarget ?? "";

    /// <summary>Processes that work in the folder and whose parent does not.</summary>
    internal static List<int> HeadsIn(string folder)
    {
        var inside = Directory.EnumerateDirectories("/proc")
            .Select(entry => int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && IsIn(pid, folder))
            .ToHashSet();
        return [.. inside.Where(pid => Orchestrator.Engine.Processes.ProcessIdentity.Of(pid) is not null && !inside.Contains(Parent(pid)))];
    }

    private static bool IsIn(int pid, string folder)
    {
        try
        {
            return WorkingFolder(pid) == folder;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Of(int pid, string part) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{part}");
}
