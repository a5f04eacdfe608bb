using Orchestrator.Agent.Checkpoints;
using Xunit;

namespace Orchestrator.Tests.Agent.Checkpoints;

public sealed class WaitingEntriesTests
{
    private readonly WaitingEntries _waiting = new();
    private readonly HashSet<string> _seen = [];

    [Fact]
    public void What_was_stored_while_a_look_went_on_is_not_stored_again()
    {
        var entry = Entry("step-1", 1);
        Look(entry);
        var inWork = _waiting.Begin()!;
        Look(entry);
        Assert.Equal(1, _waiting.Count);

        // The look below had found it complete and new before this upload ended.
        _waiting.DropUpTo(inWork, old => _seen.Add(old.Fingerprint));
        _waiting.End();
        Look(entry);

        Assert.Equal(0, _waiting.Count);
    }

    [Fact]
    public void One_that_is_in_work_is_on_its_way_until_its_upload_ends()
    {
        Look(Entry("step-1", 1));
        Assert.False(_waiting.IsSending);

        _waiting.Begin();
        Assert.True(_waiting.IsSending);

        _waiting.End();
        Assert.False(_waiting.IsSending);
    }

    [Fact]
    public void The_newest_is_the_one_that_came_last_whatever_the_clock_said_between_two_looks()
    {
        Look(Entry("step-1", changed: 1000));
        Look(Entry("step-1", changed: 1000), Entry("step-2", changed: 10));
        Assert.Equal("step-2", _waiting.Begin()!.Snapshot.Name);

        var old = new List<string>();
        _waiting.DropUpTo(_waiting.Begin()!, one => old.Add(one.Name));

        Assert.Equal(["step-1", "step-2"], old);
        Assert.Equal(0, _waiting.Count);
    }

    [Fact]
    public void What_is_gone_or_rewritten_no_longer_waits_as_what_it_was()
    {
        Look(Entry("step-1", 1), Entry("step-2", 2));
        Look(Entry("step-1", 3));
        Assert.Equal(3, _waiting.Begin()!.Snapshot.NewestChange);
        Assert.Equal(1, _waiting.Count);
    }

    [Fact]
    public void What_needs_a_server_is_passed_over_until_one_is_there()
    {
        Look(Entry("step-1", 1), Entry("step-2", 2));
        var newest = _waiting.Begin(alone: true)!;
        _waiting.SetAside(newest);
        _waiting.End();

        Assert.Equal("step-1", _waiting.Begin(alone: true)!.Snapshot.Name);
        Assert.Empty(_waiting.Besides(_waiting.Begin(alone: true)!));
        Assert.Equal(2, _waiting.Count);
        Assert.Equal("step-2", _waiting.Begin(alone: false)!.Snapshot.Name);
        Assert.Equal("step-2", _waiting.Begin(alone: true)!.Snapshot.Name);
    }

    [Fact]
    public void One_in_work_may_give_way_to_all_the_others()
    {
        Look(Entry("step-1", 1), Entry("step-2", 2));
        var inWork = _waiting.Begin()!;
        Look(Entry("step-1", 1), Entry("step-2", 2), Entry("step-3", 3));

        Assert.Equal(["step-1", "step-3"], _waiting.Besides(inWork).Select(one => one.Snapshot.Name));
    }

    private void Look(params EntrySnapshot[] complete) =>
        _waiting.Update(complete.Select(one => one.Name).ToHashSet(), complete, one => _seen.Contains(one.Fingerprint), _ => null);

    private static EntrySnapshot Entry(string name, long changed) => new(name, true, [], $"{name} {changed}", changed);
}
