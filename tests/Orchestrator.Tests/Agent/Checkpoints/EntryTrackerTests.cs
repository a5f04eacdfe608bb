using Microsoft.Extensions.Time.Testing;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Native;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Checkpoints;

public sealed class EntryTrackerTests
{
    private const long Second = 1_000_000_000;
    private readonly FakeTimeProvider _time = new();
    private bool _open;

    [Fact]
    public void Settled_means_quiet_for_the_whole_time_and_nobody_writing()
    {
        var tracker = Tracker(CompletionKind.Settle);
        Assert.False(tracker.IsComplete(Entry(1, 100), null));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(tracker.IsComplete(Entry(1, 200), null));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(tracker.IsComplete(Entry(1, 200), null));
        _time.Advance(TimeSpan.FromSeconds(1));
        _open = true;
        Assert.False(tracker.IsComplete(Entry(1, 200), null));
        _open = false;
        Assert.True(tracker.IsComplete(Entry(1, 200), null));
    }

    [Fact]
    public void What_a_killed_trainer_wrote_last_is_never_settled()
    {
        var tracker = Tracker(CompletionKind.Settle);
        var entry = Entry(1, 100, changed: 995 * Second);
        Assert.False(tracker.IsComplete(entry, new TrainerEnd(Orderly: false, At: 1000 * Second)));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(tracker.IsComplete(entry, new TrainerEnd(Orderly: false, At: 1000 * Second)));
        Assert.True(tracker.IsComplete(Entry(1, 100, changed: 989 * Second), new TrainerEnd(Orderly: false, At: 1000 * Second)));
        Assert.True(tracker.IsComplete(entry, new TrainerEnd(Orderly: true, At: 1000 * Second)));
    }

    [Fact]
    public void A_renamed_entry_is_complete_at_once_but_one_rewritten_in_place_must_settle()
    {
        var tracker = Tracker(CompletionKind.Rename);
        Assert.True(tracker.IsComplete(Entry(1, 100), null));
        // Another file under the same name: renamed again.
        Assert.True(tracker.IsComplete(Entry(2, 100), null));
        // The same file with another size: written in place.
        Assert.False(tracker.IsComplete(Entry(2, 150), null));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(tracker.IsComplete(Entry(2, 150), null));
    }

    [Fact]
    public void A_link_says_nothing_of_what_lies_behind_it()
    {
        var tracker = Tracker(CompletionKind.Rename);
        Assert.False(tracker.IsComplete(Entry(1, 100) with { IsLink = true }, null));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(tracker.IsComplete(Entry(1, 100) with { IsLink = true }, null));
    }

    [Fact]
    public void A_marker_completes_the_folder_it_lies_in()
    {
        var tracker = Tracker(CompletionKind.Marker);
        var without = Entry(1, 100) with { IsFolder = true };
        Assert.False(tracker.IsComplete(without, new TrainerEnd(true, 0)));
        var marker = new EntryFile("e/DONE", "/c/e/DONE", default);
        Assert.True(tracker.IsComplete(without with { Files = [.. without.Files, marker], Fingerprint = "marked" }, null));
    }

    private EntryTracker Tracker(CompletionKind completion) =>
        new(new CheckpointOrder { Path = "/c", Completion = completion, Settle = TimeSpan.FromSeconds(10), Marker = "DONE" }, _time, _ => _open, _ => false);

    private static EntrySnapshot Entry(ulong inode, long size, long changed = Second) =>
        new("e", false, [new EntryFile("e", "/c/e", new FileStat(1, inode, size, changed, changed, 0x8000))], $"{inode} {size} {changed}", changed);
}
