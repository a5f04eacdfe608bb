using System.Diagnostics;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Transfers;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Checkpoints;

public sealed class EntryScannerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-entries-").FullName;

    public void Dispose()
    {
        // By the tool: .NET cannot delete what it cannot name.
        using var tool = Process.Start("rm", ["-rf", "--", _folder]);
        tool.WaitForExit();
    }

    [Fact]
    public void Entries_are_what_the_globs_select_and_never_what_is_being_written()
    {
        foreach (var name in new[] { "step-1/w", "step-2.tmp/w", ".hidden", "SAVE_NOW", "notes.txt", "runs/v0/epoch=1-step=10.ckpt" })
        {
            Write(name, "x");
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder, "latest"), Path.Combine(_folder, "step-1"));
        var order = new CheckpointOrder { Path = "/c", Include = ["*"], Exclude = ["*.txt"] };
        Assert.Equal(["runs", "step-1"], EntryScanner.Names(_folder, order, Path.Combine(_folder, "SAVE_NOW")));
        Assert.Equal(["runs/v0/epoch=1-step=10.ckpt"], EntryScanner.Names(_folder, order with { Include = ["**/*.ckpt"] }, null));
    }

    /// <summary>A scratch disk: nothing of it would be here but the link.</summary>
    [Fact]
    public void A_link_out_of_the_folder_is_an_entry_and_one_to_another_entry_is_none()
    {
        var scratch = Directory.CreateTempSubdirectory("orc-scratch-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(scratch, "step-3/sub"));
            File.WriteAllText(Path.Combine(scratch, "step-3/sub/w"), "123");
            File.WriteAllText(Path.Combine(scratch, "last.pt"), "12");
            Write("step-1/w", "x");
            Directory.CreateSymbolicLink(Path.Combine(_folder, "step-3"), Path.Combine(scratch, "step-3"));
            File.CreateSymbolicLink(Path.Combine(_folder, "last.pt"), Path.Combine(scratch, "last.pt"));
            Directory.CreateSymbolicLink(Path.Combine(_folder, "latest"), "step-1");
            Directory.CreateSymbolicLink(Path.Combine(_folder, "nowhere"), Path.Combine(scratch, "nothing"));
            Directory.CreateSymbolicLink(Path.Combine(_folder, "up"), "..");

            Assert.Equal(["last.pt", "step-1", "step-3", "up"], EntryScanner.Names(_folder, new CheckpointOrder { Path = "/c", Include = ["*"] }, null));

            var entry = EntryScanner.Snapshot(_folder, "step-3")!;
            Assert.Equal((true, true, "step-3/sub/w", 3), (entry.IsLink, entry.IsFolder, Assert.Single(entry.Files).Path, entry.Bytes));
            Assert.Equal(("last.pt", 2), (Assert.Single(EntryScanner.Snapshot(_folder, "last.pt")!.Files).Path, EntryScanner.Snapshot(_folder, "last.pt")!.Bytes));
            Assert.False(EntryScanner.Snapshot(_folder, "step-1")!.IsLink);
            Assert.Throws<ChangedException>(() => EntryScanner.Snapshot(_folder, "up"));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    [Fact]
    public void Any_change_to_any_file_changes_the_fingerprint()
    {
        Write("e/a", "1");
        Write("e/sub/b", "2");
        var before = EntryScanner.Snapshot(_folder, "e")!;
        Assert.Equal(["e/a", "e/sub/b"], before.Files.Select(file => file.Path));
        Assert.Equal(before.Fingerprint, EntryScanner.Snapshot(_folder, "e")!.Fingerprint);

        File.SetLastWriteTimeUtc(Path.Combine(_folder, "e/a"), DateTime.UnixEpoch);
        var touched = EntryScanner.Snapshot(_folder, "e")!;
        Assert.NotEqual(before.Fingerprint, touched.Fingerprint);
        File.Delete(Path.Combine(_folder, "e/sub/b"));
        Assert.NotEqual(touched.Fingerprint, EntryScanner.Snapshot(_folder, "e")!.Fingerprint);
    }

    [Fact]
    public void An_entry_that_is_gone_or_empty_is_none_and_one_with_a_linked_folder_is_refused()
    {
        Assert.Null(EntryScanner.Snapshot(_folder, "nothing"));
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        Assert.Null(EntryScanner.Snapshot(_folder, "empty"));
        Write("e/a", "1");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "e/link"), _folder);
        Assert.Throws<ChangedException>(() => EntryScanner.Snapshot(_folder, "e"));
    }

    [Fact]
    public void A_file_open_for_writing_is_seen_and_one_open_for_reading_is_not()
    {
        Write("e/a", "1");
        Write("ea", "1");
        var entry = EntryScanner.Snapshot(_folder, "e")!;
        using (File.OpenRead(Path.Combine(_folder, "e/a")))
        {
            Assert.False(OpenFiles.AnyWriter(entry));
        }

        using (File.OpenWrite(Path.Combine(_folder, "e/a")))
        {
            Assert.True(OpenFiles.AnyWriter(entry));
            Assert.False(OpenFiles.AnyWriter(EntryScanner.Snapshot(_folder, "ea")!));
        }
    }

    [Fact]
    public void A_writer_is_seen_also_where_the_checkpoint_folder_is_a_link()
    {
        Write("real/e/a", "1");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), Path.Combine(_folder, "real"));
        using var writing = File.OpenWrite(Path.Combine(_folder, "real/e/a"));
        Assert.True(OpenFiles.AnyWriter(EntryScanner.Snapshot(Path.Combine(_folder, "link"), "e")!));
    }

    [Fact]
    public void A_name_that_cannot_be_stored_stops_its_entry_and_is_told_harmlessly()
    {
        Shell("mkdir e f; echo 1 > e/a; printf x > \"e/$(printf 'b\\351')\"; printf x > \"f/$(printf 'two\\nlines')\"; printf x > \"$(printf 'g\\351')\"");
        Assert.Contains("no valid text", Assert.Throws<ChangedException>(() => EntryScanner.Snapshot(_folder, "e")).Message, StringComparison.Ordinal);
        var message = Assert.Throws<ChangedException>(() => EntryScanner.Snapshot(_folder, "f")).Message;
        Assert.Contains("control characters", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        var odd = Assert.Single(EntryScanner.Names(_folder, new CheckpointOrder { Path = "/c" }, null), name => name.StartsWith('g'));
        Assert.Throws<ChangedException>(() => EntryScanner.Snapshot(_folder, odd));
    }

    [Fact]
    public async Task Pipes_and_devices_are_left_out_and_opening_one_never_waits()
    {
        Shell("mkdir e; mkfifo e/pipe; ln -s /dev/zero e/zero; ln -s nowhere e/dangling; : > e/empty");
        Assert.Equal("e/empty", Assert.Single(EntryScanner.Snapshot(_folder, "e")!.Files).Path);
        await Assert.ThrowsAsync<IOException>(() => FileHash.OfAsync(Path.Combine(_folder, "e/pipe"), default).WaitAsync(TimeSpan.FromMinutes(1)));
        await Assert.ThrowsAsync<IOException>(() => FileHash.OfAsync(Path.Combine(_folder, "e/zero"), default).WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, (await FileHash.OfAsync(Path.Combine(_folder, "e/empty"), default)).Length);
    }

    [Theory]
    [InlineData("*", "a", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("checkpoint-*", "checkpoint-500", true)]
    [InlineData("checkpoint-*", "xcheckpoint-500", false)]
    [InlineData("**/*.pt", "a/b/c.pt", true)]
    [InlineData("**/*.pt", "c.pt", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("step-?", "step-12", false)]
    [InlineData("*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Globs_match_as_people_expect(string pattern, string path, bool expected) => Assert.Equal(expected, Glob.Matches(pattern, path));

    [Theory]
    [InlineData("checkpoint-1500", 1500L)]
    [InlineData("epoch=3-step=1500.ckpt", 1500L)]
    [InlineData("global_step20_epoch3", 20L)]
    [InlineData("state-000700.json", 700L)]
    [InlineData("epoch_3.pt", null)]
    [InlineData("v2-model-7", null)]
    [InlineData("last", null)]
    public void The_step_is_read_from_the_name(string entry, long? step) => Assert.Equal(step, StepName.Parse(entry));

    private void Shell(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-euc", script]) { WorkingDirectory = _folder })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private void Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
