using System.Diagnostics;
using Orchestrator.Agent;
using Orchestrator.Agent.Cleaning;
using Xunit;

namespace Orchestrator.Tests.Agent.Cleaning;

public sealed class HostCleanerTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("orc-clean-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Odd_names_read_only_folders_and_links_go_and_what_links_lead_to_stays()
    {
        var folder = new AgentFolder(Path.Combine(_home, "root"));
        folder.Create();
        Directory.CreateDirectory(Path.Combine(_home, "outside"));
        File.WriteAllText(Path.Combine(_home, "outside/kept"), "x");
        File.WriteAllText(Path.Combine(folder.Own, "journal.jsonl"), "x");
        const string Script = """
            mkdir -p cache/deep .hidden ..odd; echo x > cache/deep/f; chmod 500 cache/deep cache
            printf x > "$(printf 'b\351d')"; mkdir "$(printf 'two\nlines')"; mkdir -- -rf; mkfifo pipe
            ln -s ../outside link; ln -s ../../outside .hidden/link
            """;
        using (var shell = Process.Start(new ProcessStartInfo("sh", ["-euc", Script]) { WorkingDirectory = folder.Root })!)
        {
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }

        var cleaned = new HostCleaner(folder).Clean(null);

        Assert.True(cleaned.Wiped, cleaned.Words);
        Assert.Equal([folder.Own], Directory.GetFileSystemEntries(folder.Root));
        Assert.True(File.Exists(Path.Combine(folder.Own, "journal.jsonl")));
        Assert.True(File.Exists(Path.Combine(_home, "outside/kept")));
    }
}
