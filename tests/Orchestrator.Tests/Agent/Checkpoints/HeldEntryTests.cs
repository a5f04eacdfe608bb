using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Native;
using Xunit;

namespace Orchestrator.Tests.Agent.Checkpoints;

public sealed class HeldEntryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-held-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_that_is_replaced_by_a_rename_is_still_read_to_its_end()
    {
        Write("last.pt", "old");
        using var held = Take("last.pt");
        Write(".t", "new, and longer");
        File.Move(At(".t"), At("last.pt"), overwrite: true);

        Assert.True(held.Outlives(Now("last.pt")));
        Assert.Equal("old", File.ReadAllText(Assert.Single(held.Snapshot.Files).FullPath));
    }

    [Fact]
    public void A_folder_that_is_deleted_is_still_whole_at_every_moment_of_it()
    {
        Write("step-1/a", "a");
        Write("step-1/b", "b");
        using var held = Take("step-1");

        File.Delete(At("step-1/a"));
        Assert.True(held.Outlives(Now("step-1")));
        Directory.Delete(At("step-1"), recursive: true);
        Assert.True(held.Outlives(Now("step-1")));
        Assert.Equal(["a", "b"], held.Snapshot.Files.Select(file => File.ReadAllText(file.FullPath)));

        Write("step-1/a", "another");
        Assert.True(held.Outlives(Now("step-1")));
    }

    [Fact]
    public void What_is_written_in_place_does_not_outlive_it()
    {
        Write("last.pt", "old");
        using var held = Take("last.pt");
        File.AppendAllText(At("last.pt"), "er");
        Assert.False(held.Outlives(Now("last.pt")));

        File.Delete(At("last.pt"));
        Assert.False(held.Outlives(Now("last.pt")));
    }

    /// <summary>Then it was not complete, whatever the rule said.</summary>
    [Theory]
    [InlineData("last/c")]
    [InlineData("last/a")]
    public void A_folder_that_is_only_gone_on_with_does_not_outlive_it(string file)
    {
        Write("last/a", "a");
        Write("last/b", "b");
        using var held = Take("last");
        Write(".t", "x");
        File.Move(At(".t"), At(file), overwrite: true);

        Assert.False(held.Outlives(Now("last")));
    }

    [Fact]
    public void A_copy_outlives_even_what_is_written_in_place_and_leaves_nothing_behind()
    {
        Write("last.pt", "old");
        var scratch = At("agent/copies");
        using var copy = HeldEntry.Copy(_folder, Now("last.pt")!, Nothing, scratch, CancellationToken.None)!;
        Write("last.pt", "half a n");

        Assert.True(copy.IsCopy);
        Assert.Equal("old", File.ReadAllText(Assert.Single(copy.Snapshot.Files).FullPath));
        Assert.False(Directory.Exists(scratch));
    }

    /// <summary>It is not read again either.</summary>
    [Fact]
    public void What_is_stored_already_is_not_copied()
    {
        Write("last/base", "base");
        Write("last/w", "old");
        var seen = Now("last")!;
        using var copy = HeldEntry.Copy(_folder, seen, stat => stat == seen.Files[0].Stat, At("agent/copies"), CancellationToken.None)!;
        Write("last/base", "new");
        Write("last/w", "new");

        Assert.Equal(["new", "old"], copy.Snapshot.Files.Select(file => File.ReadAllText(file.FullPath)));
    }

    [Fact]
    public void Copies_that_a_killed_agent_left_are_removed()
    {
        Write("agent/copies/0", "half");
        HeldEntry.Empty(At("agent/copies"));
        HeldEntry.Empty(At("agent/copies"));

        Assert.False(Directory.Exists(At("agent/copies")));
    }

    [Fact]
    public void What_changed_before_it_was_copied_is_not_copied()
    {
        Write("last.pt", "old");
        var seen = Now("last.pt")!;
        Write("last.pt", "newer");

        Assert.Null(HeldEntry.Copy(_folder, seen, Nothing, At("agent/copies"), CancellationToken.None));
    }

    [Fact]
    public void What_is_no_more_what_was_seen_is_not_held()
    {
        Write("last.pt", "old");
        var seen = Now("last.pt")!;
        File.AppendAllText(At("last.pt"), "er");

        Assert.Null(HeldEntry.Take(_folder, seen));
    }

    private static bool Nothing(FileStat stat) => false;

    private HeldEntry Take(string name) => HeldEntry.Take(_folder, Now(name)!)!;

    private EntrySnapshot? Now(string name) => EntryScanner.Snapshot(_folder, name);

    private string At(string path) => Path.Combine(_folder, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
