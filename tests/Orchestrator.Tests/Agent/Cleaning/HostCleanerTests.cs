using System.Diagnostics;
using Orchestrator.Agent;
using Orchestrator.Agent.Cleaning;
using Orchestrator.Protocol;
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

    [Fact]
    public void For_the_next_job_pinned_files_stay_and_all_else_of_the_former_one_goes()
    {
        var folder = new AgentFolder(Path.Combine(_home, "root"), inContainer: true);
        folder.Create();
        var (data, home) = (Path.Combine(_home, "data"), Directory.CreateDirectory(Path.Combine(_home, "home/.cache")).Parent!.FullName);
        File.WriteAllText(Path.Combine(home, ".profile"), "the image's");
        Directory.CreateDirectory(Path.Combine(home, ".cache/image"));
        var image = new ImageEntries(folder, [home, Path.Combine(home, ".ssh"), Path.Combine(home, ".cache")]);
        image.Note();
        foreach (var file in new[] { "data/a/kept", "data/a/trainers", "data/b/unhashed", "ckpt/step-1/w", "out/result", "home/.netrc", "home/.cache/tool/token", "home/.ssh/authorized_keys", "home/.ssh/deploy_key", "root/progress.jsonl" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_home, file))!);
            File.WriteAllText(Path.Combine(_home, file), "x");
        }

        image.Note();
        var order = new TrainerOrder
        {
            JobId = "1", JobName = "one", Attempt = 1, AttemptPrefix = "p", Command = [], DataDir = data, OutputDir = Path.Combine(_home, "out"), Checkpoints = new CheckpointOrder { Path = Path.Combine(_home, "ckpt") },
            Sources =
            [
                new StageSource { To = data + "/a", Files = [new StageFile("kept", "k1", 1, "hash", 0), new StageFile("never-came", "k2", 1, "hash", 0)] },
                new StageSource { To = data + "/b", Files = [new StageFile("unhashed", "k3", 1, "", 0)] },
            ],
        };

        var cleaned = new HostCleaner(folder, image).Clean(order, keepData: true);

        Assert.True(cleaned is { Wiped: true, KeptData: true }, cleaned.Words);
        Assert.Equal(
            ["data/a/kept", "home/.profile", "home/.ssh/authorized_keys"],
            Directory.GetFiles(_home, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_home, path)).Where(path => !path.StartsWith("root/agent/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(["image"], Directory.GetDirectories(Path.Combine(home, ".cache")).Select(Path.GetFileName));

        Assert.True(new HostCleaner(folder, image).Clean(order) is { Wiped: true, KeptData: false });
        Assert.False(Directory.Exists(data));
    }

    /// <summary>What an agent finds that has begun a job already may be that job's.</summary>
    [Fact]
    public void What_the_image_brought_is_noted_before_a_job_has_begun_or_never()
    {
        var folder = new AgentFolder(Path.Combine(_home, "root"), inContainer: true);
        folder.Create();
        File.WriteAllText(folder.State, "{}");
        var image = new ImageEntries(folder, [_home]);

        image.Note();

        Assert.Null(image.Added());
    }

    [Fact]
    public void Where_nobody_noted_what_was_there_before_nothing_is_passed_on()
    {
        var folder = new AgentFolder(Path.Combine(_home, "root"), inContainer: true);
        folder.Create();
        var order = new TrainerOrder { JobId = "1", JobName = "one", Attempt = 1, AttemptPrefix = "p", Command = [], DataDir = Path.Combine(_home, "data"), OutputDir = Path.Combine(_home, "out") };

        Assert.False(new HostCleaner(folder, new ImageEntries(folder, [])).Clean(order, keepData: true).Wiped);
    }
}
