using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Agent.Journal;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Journal;

public sealed class AgentJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-journal-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));

    private string File => Path.Combine(_folder, "journal.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Events_are_numbered_without_gaps_and_survive_a_reopening()
    {
        using (var journal = Open())
        {
            journal.Append(Problem("a"), "key-1");
            journal.Append(Problem("b"));
        }

        using var again = Open();
        Assert.Equal(2, again.LastSeq);
        Assert.True(again.IsDone("key-1"));
        Assert.False(again.IsDone("key-2"));
        Assert.True(again.Has("host-problem"));
        again.Append(Problem("c"));
        Assert.Equal([1L, 2, 3], again.After(0, 10).Select(entry => entry.Seq));
        Assert.Contains("\"words\":\"b\"", Encoding.UTF8.GetString(again.After(1, 1)[0].Event), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"event\":{\"event\":\"host-problem\",\"wor")]
    [InlineData("{\"event\":{\"seq\":9}}\n")]
    [InlineData("\0\0\0\0\n")]
    public void A_torn_end_is_cut_and_its_number_given_again(string torn)
    {
        using (var journal = Open())
        {
            journal.Append(Problem("a"));
        }

        System.IO.File.AppendAllText(File, torn);
        using (var again = Open())
        {
            Assert.Equal(1, again.LastSeq);
            again.Append(Problem("b"));
        }

        using var third = Open();
        Assert.Equal(2, third.LastSeq);
    }

    [Fact]
    public void What_is_acknowledged_is_dropped_from_memory_and_in_time_from_disk_but_what_was_done_is_remembered()
    {
        using (var journal = Open())
        {
            journal.Append(Problem("first"), "key-1");
            for (var i = 0; i < 300; i++)
            {
                journal.Append(Problem("x" + i));
            }

            var before = new FileInfo(File).Length;
            journal.Acknowledge(299);
            Assert.Equal([300L, 301], journal.After(0, 10).Select(entry => entry.Seq));
            Assert.True(new FileInfo(File).Length < before / 10);
            journal.Append(Problem("after"));
        }

        using var again = Open();
        Assert.Equal(302, again.LastSeq);
        Assert.True(again.IsDone("key-1"));
        Assert.Equal([300L, 301, 302], again.After(0, 10).Select(entry => entry.Seq));
    }

    [Fact]
    public void An_acknowledgement_beyond_the_end_is_taken_for_the_end()
    {
        using var journal = Open();
        journal.Append(Problem("a"));
        journal.Acknowledge(1000);
        journal.Append(Problem("b"));
        Assert.Equal([2L], journal.After(0, 10).Select(entry => entry.Seq));
    }

    [Fact]
    public void A_problem_is_told_once_in_five_minutes()
    {
        using var journal = Open();
        var problems = new ProblemReporter(journal, _time);
        problems.Report("store", "down");
        problems.Report("store", "down still");
        problems.Report("disk", "full");
        _time.Advance(TimeSpan.FromMinutes(6));
        problems.Report("store", "down yet");
        Assert.Equal(3, journal.LastSeq);
    }

    private static HostProblem Problem(string words) => new(words) { Seq = 0, At = default };

    private AgentJournal Open() => new(File, _time, () => { });
}
