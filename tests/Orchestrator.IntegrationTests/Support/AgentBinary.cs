using System.Diagnostics;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>
/// The real agent: the one that ORCHESTRATOR_AGENT names, else published once per run of the suite. A lock file keeps two test
/// processes from publishing at once.
/// </summary>
public static class AgentBinary
{
    private static readonly Lazy<string> Published = new(Publish);

    public static string Path => Environment.GetEnvironmentVariable("ORCHESTRATOR_AGENT") is { Length: > 0 } given ? given : Published.Value;

    private static string Publish()
    {
        var root = RepositoryRoot();
        var folder = System.IO.Path.Combine(root, "artifacts", "agent-tests");
        Directory.CreateDirectory(folder);
        using var guard = WaitForLock(System.IO.Path.Combine(folder, ".lock"));
        var binary = System.IO.Path.Combine(folder, "orchestrator-agent");
        if (File.Exists(binary) && File.GetLastWriteTimeUtc(binary) > NewestSource(root))
        {
            return binary;
        }

        var start = new ProcessStartInfo("dotnet", ["publish", "src/Orchestrator.Agent", "-c", "Release", "-o", folder, "-v", "q", "-nologo", "-nodeReuse:false"])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? binary : throw new InvalidOperationException("the agent cannot be published:\n" + output);
    }

    public static string RepositoryRoot()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(at, "Orchestrator.sln")))
        {
            at = System.IO.Path.GetDirectoryName(at) ?? throw new InvalidOperationException("no Orchestrator.sln above the tests");
        }

        return at;
    }

    private static DateTime NewestSource(string root) =>
        new[] { "src/Orchestrator.Agent", "src/Orchestrator.Core" }
            .SelectMany(project => Directory.EnumerateFiles(System.IO.Path.Combine(root, project), "*.cs", SearchOption.AllDirectories))
            .Max(File.GetLastWriteTimeUtc);

    private static FileStream WaitForLock(string path)
    {
        var deadline = Environment.TickCount64 + 300_000;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < deadline)
            {
                Thread.Sleep(500);
            }
        }
    }
}
