using System.Diagnostics;
using Orchestrator.Agent;
using Orchestrator.Agent.Attaching;
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

    /// <summary>A trainer that is root in its container can do that to the machine's user, who must not wait for a writer.</summary>
    [Fact]
    public async Task A_pipe_in_the_place_of_a_file_is_never_waited_for()
    {
        _folder.Create();
        foreach (var path in (string[])[_folder.Alive, _folder.SocketPathFile, _folder.Supervisor])
        {
            using var made = Process.Start("mkfifo", [path]);
            await made.WaitForExitAsync();
            Assert.Equal(0, made.ExitCode);
        }

        await Task.Run(() =>
        {
            Assert.Equal(2, AliveLock.Run(_folder));
            Assert.Contains("is no plain file", Assert.Throws<IOException>(() => SocketAddress.ForConnecting(_folder)).Message, StringComparison.Ordinal);
            Assert.Throws<IOException>(() => AtomicFile.Read(_folder.Supervisor));
        }).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void A_state_file_is_read_whole_and_one_that_is_not_there_is_none()
    {
        _folder.Create();
        AtomicFile.Write(_folder.State, "{ }"u8);

        Assert.Equal("{ }"u8.ToArray(), AtomicFile.Read(_folder.State));
        Assert.Null(AtomicFile.Read(_folder.Journal));
        Assert.Null(AtomicFile.Read(Path.Combine(_folder.State, "below")));
        Assert.Null(AtomicFile.Read(Path.Combine(_folder.Own, "no", "folder")));
    }
}
