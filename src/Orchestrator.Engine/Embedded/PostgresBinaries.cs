using System.Globalization;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Embedded;

/// <summary>One installed PostgreSQL: the folder of its programs and its major version.</summary>
public sealed record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest we test against is Ubuntu 22.04's 14; 13 differs in nothing we use.</summary>
    public const int OldestMajor = 13;

    /// <summary>Names a folder of programs where the search would find none or the wrong one.</summary>
    public const string FolderVariable = "ORCHESTRATOR_POSTGRES_BIN";

    private static readonly string[] Roots = ["/usr/lib/postgresql", "/usr/lib64/postgresql"];

    public string Server => Path.Combine(Folder, "postgres");

    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>The newest installed version, or exactly <paramref name="dataMajor"/> where data of that version exists.</summary>
    public static PostgresBinaries Find(int? dataMajor, string dataFolder) =>
        Choose(Installed(Roots, Environment.GetEnvironmentVariable(FolderVariable)), dataMajor, dataFolder);

    /// <summary>Every usable installation: the one that the variable names, else those under the roots (ROOT/MAJOR/bin).</summary>
    public static IReadOnlyList<PostgresBinaries> Installed(IEnumerable<string> roots, string? namedFolder)
    {
        ArgumentNullException.ThrowIfNull(roots);
        if (!string.IsNullOrEmpty(namedFolder))
        {
            return IsComplete(namedFolder) && MajorOf(Path.GetDirectoryName(Path.GetFullPath(namedFolder))!) is { } named
                ? [new(Path.GetFullPath(namedFolder), named)]
                : throw new EmbeddedPostgresException($"{FolderVariable}={namedFolder} is not a folder like /usr/lib/postgresql/15/bin with postgres and initdb in it; correct or unset it");
        }

        return [.. from root in roots
                   where Directory.Exists(root)
                   from folder in Directory.EnumerateDirectories(root)
                   let major = MajorOf(folder)
                   let bin = Path.Combine(folder, "bin")
                   where major is not null && IsComplete(bin)
                   select new PostgresBinaries(bin, major.Value)];
    }

    public static PostgresBinaries Choose(IReadOnlyList<PostgresBinaries> installed, int? dataMajor, string dataFolder)
    {
        ArgumentNullException.ThrowIfNull(installed);
        var newest = installed.Where(found => found.Major >= OldestMajor).MaxBy(found => found.Major);
        if (dataMajor is not { } wanted)
        {
            return newest ?? throw new EmbeddedPostgresException(
                $"no PostgreSQL (version {OldestMajor} or newer) is installed on this machine; install it with: apt install postgresql (or give `serve` a connection string to one that runs elsewhere)");
        }

        return installed.FirstOrDefault(found => found.Major == wanted) ?? throw new EmbeddedPostgresException(
            $"the data in {dataFolder} was written by PostgreSQL {wanted}, but this machine has {(newest is null ? "none" : "only " + string.Join(", ", installed.Select(found => found.Major).Order()))}; " +
            $"install it with: apt install postgresql-{wanted} (or use another data folder with --data)");
    }

    private static bool IsComplete(string bin) =>
        Executables.Find(Path.Combine(bin, "postgres")) is not null && Executables.Find(Path.Combine(bin, "initdb")) is not null;

    private static int? MajorOf(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
}
