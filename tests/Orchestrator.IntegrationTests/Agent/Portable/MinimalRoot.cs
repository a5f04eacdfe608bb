using System.Diagnostics;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent.Portable;

/// <summary>
/// A copy of one of the root file systems that scripts/lib/make-roots makes: a C library, a shell and busybox; no libssl and no
/// certificates. Programs run in it with its root as theirs, in a mount namespace of their own: nothing stays mounted.
/// </summary>
public sealed class MinimalRoot : IDisposable
{
    public const string Bullseye = "bullseye";
    public const string Bookworm = "bookworm";
    public const string Trixie = "trixie";

    private const string Enter =
        """mount --rbind /proc "$1/proc" && mount --rbind /dev "$1/dev" && root=$1 && shift && exec chroot "$root" "$@" """;

    public MinimalRoot(string suite)
    {
        var made = Path.Combine(Roots, suite);
        Assert.True(Directory.Exists(made), Missing());
        Folder = Directory.CreateTempSubdirectory("orc-root-").FullName;
        // Cross-checked by the tests themselves: what runs in there reports its own version of glibc.
        Run("cp", "-a", made + "/.", Folder);
        File.Copy(AgentBinary.Path, Path.Combine(Folder, "orchestrator-agent"));
    }

    public string Folder { get; }

    private static string Roots => Path.Combine(AgentBinary.RepositoryRoot(), "artifacts", "roots");

    /// <summary>Null = they are there.</summary>
    public static string? Missing() =>
        new[] { Bullseye, Bookworm, Trixie }.All(suite => Directory.Exists(Path.Combine(Roots, suite)))
            ? null
            : "needs the root file systems of artifacts/roots: scripts/lib/make-roots makes them (it needs apt and a mirror)";

    /// <summary>To be started: a program of that system, by its path there.</summary>
    public ProcessStartInfo Command(params string[] command) =>
        new("unshare", ["--mount", "sh", "-c", Enter, "sh", Folder, .. command]);

    public (int Code, string Output) Execute(string? input, params string[] command)
    {
        var start = Command(command);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Run(params string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
