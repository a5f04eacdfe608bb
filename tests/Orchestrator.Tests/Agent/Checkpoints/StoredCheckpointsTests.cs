using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Native;
using Xunit;

namespace Orchestrator.Tests.Agent.Checkpoints;

public sealed class StoredCheckpointsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-stored-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_are_referred_to_until_their_checkpoint_is_let_go_also_after_a_restart()
    {
        var path = Path.Combine(_folder, "stored.json");
        var stat = new FileStat(1, 2, 3, 4, 5, 0x81A4);
        var stored = new StoredCheckpoints(path);
        stored.Add(new StoredSet("m1", [new StoredFile("k1", 3, "h", stat)]), new EntrySnapshot("e", false, [], "f1", 0));

        var again = new StoredCheckpoints(path);
        Assert.Equal("k1", again.Same(stat)!.Key);
        Assert.Null(again.Same(stat with { Changed = 6 }));
        Assert.Equal("k1", again.SameContent(3, "h")!.Key);
        Assert.Null(again.SameContent(4, "h"));
        Assert.True(again.IsSeen("e", "f1"));
        Assert.False(again.IsSeen("e", "f2"));

        again.LetGo("m1");
        Assert.Null(again.Same(stat));
        Assert.Null(new StoredCheckpoints(path).SameContent(3, "h"));
    }

    [Fact]
    public void What_cannot_be_let_go_for_good_is_not_let_go()
    {
        var below = Directory.CreateDirectory(Path.Combine(_folder, "own"));
        var stat = new FileStat(1, 2, 3, 4, 5, 0x81A4);
        var stored = new StoredCheckpoints(Path.Combine(below.FullName, "stored.json"));
        stored.Add(new StoredSet("m1", [new StoredFile("k1", 3, "h", stat)]), new EntrySnapshot("e", false, [], "f1", 0));
        Directory.Delete(below.FullName, recursive: true);

        // Answered all the same, its objects would be deleted and a restarted agent would build on them.
        Assert.ThrowsAny<IOException>(() => stored.LetGo("m1"));

        Assert.Equal("k1", stored.Same(stat)!.Key);
        below.Create();
        stored.LetGo("m1");
        Assert.Null(stored.Same(stat));
    }

    [Fact]
    public void An_entry_of_a_hundred_thousand_files_is_looked_up_not_searched()
    {
        var stored = new StoredCheckpoints(Path.Combine(_folder, "stored.json"));
        var files = Enumerable.Range(1, 100_000).Select(n => new StoredFile("k" + n, n, "h" + n, new FileStat(1, (ulong)n, n, 4, 5, 0x81A4))).ToList();
        stored.Add(new StoredSet("m", [.. files]), new EntrySnapshot("e", false, [], "f", 0));

        var began = TimeProvider.System.GetTimestamp();
        Assert.All(files, file => Assert.Equal(file.Key, stored.Same(file.Stat)!.Key));
        Assert.All(files, file => Assert.Equal(file.Key, stored.SameContent(file.Size, file.Hash)!.Key));
        // Searched for, these would be ten thousand million comparisons.
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void The_newest_durable_one_is_known_also_after_a_restart()
    {
        var path = Path.Combine(_folder, "stored.json");
        Assert.Null(new StoredCheckpoints(path).Newest);
        new StoredCheckpoints(path).Add(new StoredSet("m1", [], "step-5", 5), new EntrySnapshot("step-5", true, [], "f1", 0));
        var newest = new StoredCheckpoints(path).Newest!;
        Assert.Equal(("step-5", 5L), (newest.Entry, newest.Step));
    }
}
