using Orchestrator.Agent;
using Orchestrator.Agent.Supervising;
using Xunit;

namespace Orchestrator.Tests.Agent.Supervising;

public sealed class HandOverTests : IDisposable
{
    private readonly AgentFolder _folder = new(Path.Combine(Directory.CreateTempSubdirectory("orc-hand-").FullName, "root"));

    public HandOverTests()
    {
        _folder.Create();
        Former();
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder.Root)!, recursive: true);

    [Fact]
    public void The_next_owner_finds_nothing_of_the_former_one_but_its_lease()
    {
        Assert.Equal(0, HandOver.Run(_folder, 1));

        Assert.Equal((1, false, false, true, true), (HandOver.OwnerOf(_folder), File.Exists(_folder.Journal), Directory.Exists(_folder.Copies), File.Exists(_folder.Lease), File.Exists(_folder.ImageEntries)));

        // The next one's own: done again, it is left alone.
        Former();
        Assert.Equal(0, HandOver.Run(_folder, 1));
        Assert.True(File.Exists(_folder.Journal));
        Assert.Equal(0, HandOver.Run(_folder, 2));
        Assert.False(File.Exists(_folder.Journal));
    }

    [Fact]
    public void It_never_goes_back_to_a_former_owner_and_nothing_is_started_for_one()
    {
        HandOver.Run(_folder, 2);
        Former();

        Assert.Equal(3, HandOver.Run(_folder, 1));
        Assert.True(File.Exists(_folder.Journal));
        Assert.Equal(1, new Supervisor(_folder, "orc-e1-7-1", 1).Run());
        Assert.Equal(1, Detacher.Run(_folder.Root, "orc-e1-7-1", inContainer: true, 1));
    }

    [Fact]
    public void What_died_in_the_middle_is_done_again()
    {
        File.WriteAllText(_folder.Owner, "1*");

        Assert.Equal(1, HandOver.OwnerOf(_folder));
        Assert.Equal(0, HandOver.Run(_folder, 1));
        Assert.Equal(("1", false), (File.ReadAllText(_folder.Owner), File.Exists(_folder.Journal)));
    }

    private void Former()
    {
        Directory.CreateDirectory(_folder.Copies);
        foreach (var path in new[] { _folder.Journal, _folder.State, _folder.Lease, _folder.ImageEntries, Path.Combine(_folder.Copies, "w") })
        {
            File.WriteAllText(path, "x");
        }
    }
}
