using Orchestrator.Agent.Checkpoints;
using Xunit;

namespace Orchestrator.Tests.Agent.Checkpoints;

public sealed class CopyRuleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-copies-").FullName;
    private readonly CopyRule _rule = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Copies_are_made_from_the_third_on_where_two_were_written_over()
    {
        WrittenOver();
        Assert.False(_rule.WantsCopy(trainerIsLive: true));
        WrittenOver();

        Assert.True(_rule.WantsCopy(trainerIsLive: true));
    }

    /// <summary>A copy takes minutes of a flush that has five, and nobody is left who could write.</summary>
    [Fact]
    public void No_copy_is_made_once_the_trainer_is_gone()
    {
        WrittenOver();
        WrittenOver();

        Assert.False(_rule.WantsCopy(trainerIsLive: false));
    }

    [Fact]
    public void One_file_more_a_rename_or_a_deletion_is_no_reason_to_copy()
    {
        for (var i = 0; i < 3; i++)
        {
            var entry = Save("e", "1");
            File.WriteAllText(Path.Combine(_folder, "e/more"), "2");
            _rule.Discarded(entry);

            entry = Save("e", "1");
            File.WriteAllText(Path.Combine(_folder, "new"), "2");
            File.Move(Path.Combine(_folder, "new"), Path.Combine(_folder, "e/w"), overwrite: true);
            _rule.Discarded(entry);

            entry = Save("e", "1");
            Directory.Delete(Path.Combine(_folder, "e"), recursive: true);
            _rule.Discarded(entry);
        }

        Assert.False(_rule.WantsCopy(trainerIsLive: true));
    }

    [Fact]
    public void Copies_end_with_the_first_that_was_not_needed()
    {
        WrittenOver();
        WrittenOver();
        var entry = Save("e", "1");
        Write("e", "12");
        _rule.Stored(entry, asCopy: true);
        Assert.True(_rule.WantsCopy(trainerIsLive: true));

        _rule.Stored(Save("e", "1"), asCopy: true);
        Assert.False(_rule.WantsCopy(trainerIsLive: true));
    }

    [Fact]
    public void One_that_could_be_stored_as_it_is_begins_the_count_anew()
    {
        WrittenOver();
        _rule.Stored(Save("e", "1"), asCopy: false);
        WrittenOver();

        Assert.False(_rule.WantsCopy(trainerIsLive: true));
    }

    private void WrittenOver()
    {
        var entry = Save("e", "1");
        Write("e", "12");
        _rule.Discarded(entry);
    }

    private EntrySnapshot Save(string name, string text)
    {
        Write(name, text);
        return EntryScanner.Snapshot(_folder, name)!;
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(_folder, name, "w"), text);
    }
}
