using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Sources;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Submitting;

public sealed class CheckpointFolderTests
{
    [Theory]
    [InlineData("/workspace/ckpt", "ckpt/last.txt")]
    [InlineData("/workspace/out [1]/*", "out [1]/*/last.txt")]
    public void What_an_old_run_left_in_the_checkpoint_folder_stays_at_home(string checkpoints, string left)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "train.py");
        Write(folder, "other/ckpt/kept.txt");
        Write(folder, left);
        var problems = ImmutableArray.CreateBuilder<Problem>();

        var source = CheckpointFolder.LeaveOut(
            new SourceWanted(folder.Path, "/workspace", [], [], RespectGitignore: true), checkpoints, problems);

        Assert.Equal(["other/ckpt/kept.txt", "train.py"], SourceWalk.List(source, 100, []).Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal(Severity.Note, Assert.Single(problems).Severity);
    }

    [Theory]
    [InlineData("/ckpt")]
    [InlineData("/workspace")]
    [InlineData("/workspace2/ckpt")]
    public void A_checkpoint_folder_elsewhere_changes_nothing(string checkpoints)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var source = new SourceWanted("/nowhere", "/workspace", [], [], RespectGitignore: true);

        Assert.Equal(source, CheckpointFolder.LeaveOut(source, checkpoints, problems));
        Assert.Empty(problems);
    }

    private static void Write(TemporaryFolder folder, string path)
    {
        var full = Path.Combine(folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, "1");
    }
}
