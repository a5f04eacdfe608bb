using System.Diagnostics;
using Orchestrator.Agent;
using Orchestrator.Agent.Cleaning;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Training;
using Xunit;

namespace Orchestrator.Tests.Agent.Cleaning;

public sealed class StraysTests : IDisposable
{
    private readonly AgentFolder _folder = new(Path.Combine(Directory.CreateTempSubdirectory("orc-strays-").FullName, "root"));
    private readonly Process _supervisor;

    public StraysTests()
    {
        _folder.Create();
        _supervisor = Process.Start(new ProcessStartInfo("sh", ["-c", "setsid sleep 600 & echo $!; exec sleep 600"]) { RedirectStandardOutput = true })!;
        Daemon = int.Parse(_supervisor.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        JsonFile.Write(_folder.Supervisor, ProcessIdentity.Of(_supervisor.Id)!, AgentJson.Default.ProcessIdentity);
    }

    private int Daemon { get; }

    public void Dispose()
    {
        _supervisor.Kill(entireProcessTree: true);
        _supervisor.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder.Root)!, recursive: true);
    }

    [Fact]
    public void A_daemon_in_a_session_of_its_own_is_killed_and_the_supervisor_is_not()
    {
        Assert.NotNull(ProcessIdentity.Of(Daemon));

        Assert.True(Strays.End(_folder));

        Assert.Equal((null, false), (ProcessIdentity.Of(Daemon), _supervisor.HasExited));
    }

    /// <summary>What was left then has fallen to somebody else, and nobody finds it.</summary>
    [Fact]
    public void Where_the_supervisor_came_after_the_trainer_nobody_says_that_nothing_is_left()
    {
        JsonFile.Write(_folder.TrainerRecord, new TrainerRecord("start", ProcessIdentity.Self, null, 0), AgentJson.Default.TrainerRecord);

        Assert.False(Strays.End(_folder));
    }
}
