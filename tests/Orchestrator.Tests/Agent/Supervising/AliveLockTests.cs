using Orchestrator.Agent;
using Orchestrator.Agent.Supervising;
using Xunit;

namespace Orchestrator.Tests.Agent.Supervising;

public sealed class AliveLockTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly AgentFolder _folder;

    public AliveLockTests()
    {
        _folder = new AgentFolder(Path.Combine(_home.Path, "root"));
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_supervisor_lives_while_it_holds_its_lock_and_not_before_or_after()
    {
        Assert.False(AliveLock.IsHeld(_folder));
        _folder.Create();
        Assert.Equal(1, AliveLock.Run(_folder));
        using (AliveLock.Take(_folder))
        {
            Assert.True(AliveLock.IsHeld(_folder));
            Assert.Equal(0, AliveLock.Run(_folder));
        }

        Assert.Equal(1, AliveLock.Run(_folder));
        using var again = AliveLock.Take(_folder);
        Assert.NotNull(again);
    }
}
