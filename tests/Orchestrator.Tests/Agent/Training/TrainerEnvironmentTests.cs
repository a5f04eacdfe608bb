using System.Collections.Immutable;
using Orchestrator.Agent;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Training;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Training;

public sealed class TrainerEnvironmentTests
{
    private static readonly AgentFolder Folder = new("/i");

    private static readonly TrainerOrder Order = new()
    {
        JobId = "J", JobName = "n", Attempt = 2, AttemptPrefix = "p/", Command = ["bash", "-euo", "pipefail", "-c", "python t.py\n"],
        Checkpoints = new CheckpointOrder { Path = "/ckpt", ResumeArgs = "--resume {path}" },
    };

    [Fact]
    public void The_trainer_sees_its_own_places_and_nothing_of_ours()
    {
        var inherited = new Dictionary<string, string> { ["PATH"] = "/bin", ["ORCHESTRATOR_SABOTAGE"] = "x", ["A"] = "host" };
        var order = Order with { Env = ImmutableSortedDictionary<string, string>.Empty.Add("A", "spec").Add("ORCHESTRATOR_MATRIX_LR", "1") };
        var environment = TrainerEnvironment.Build(inherited, order, Folder, "step-5");
        Assert.Equal("spec", environment["A"]);
        Assert.Equal("1", environment["ORCHESTRATOR_MATRIX_LR"]);
        Assert.Equal("1", environment["ORCHESTRATOR_IS_RESUME"]);
        Assert.Equal("/i/ckpt/step-5", environment["ORCHESTRATOR_RESUME_FROM"]);
        Assert.Equal("/i/ckpt", environment["ORCHESTRATOR_CHECKPOINT_DIR"]);
        Assert.Equal("/i/out", environment["ORCHESTRATOR_OUTPUT_DIR"]);
        Assert.False(environment.ContainsKey("ORCHESTRATOR_SABOTAGE"));
    }

    [Fact]
    public void Resume_arguments_become_part_of_a_script_or_of_argv()
    {
        Assert.Equal("python t.py --resume '/i/ckpt/step-5'", TrainerEnvironment.Command(Order, Folder, "step-5", "/bin:/usr/bin")[^1]);
        Assert.Equal("python t.py\n", TrainerEnvironment.Command(Order, Folder, null, "/bin:/usr/bin")[^1]);
        var argv = Order with { Command = ["python", "t.py"] };
        Assert.Equal(["python", "t.py", "--resume", "/i/ckpt/step-5"], TrainerEnvironment.Command(argv, Folder, "step-5", "/bin").ToArray());
    }

    [Fact]
    public void Without_bash_the_script_runs_under_sh() =>
        Assert.Equal(["sh", "-eu", "-c", "python t.py\n"], TrainerEnvironment.WithShellThatExists(Order.Command, "/no-such-folder").ToArray());

    [Fact]
    public void A_detached_instance_inherits_no_keys_of_whoever_started_it()
    {
        var clean = Orchestrator.Agent.Supervising.Detacher.Clean(new() { ["PATH"] = "/bin", ["CUDA_HOME"] = "/cuda", ["AWS_SECRET_ACCESS_KEY"] = "k", ["PGPASSWORD"] = "p" });
        Assert.Equal(["CUDA_HOME", "PATH"], clean.Keys.Order());
    }

    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("usr1", 10)]
    [InlineData("12", 12)]
    [InlineData("SIGNOPE", null)]
    [InlineData("99", null)]
    public void Signals_have_names(string name, int? number) => Assert.Equal(number, SignalNames.Parse(name));

    [Fact]
    public void A_process_is_read_whatever_its_name_is()
    {
        var entry = ProcessEntry.Parse(7, "7 (a) S (b c) R 1 2 3 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0");
        Assert.Equal(("a) S (b c", 'R', 1, 2, 3, 4242L), (entry!.Command, entry.State, entry.Parent, entry.Group, entry.Session, entry.StartTicks));
        Assert.True(ProcessIdentity.Self.IsAlive);
        Assert.False((ProcessIdentity.Self with { StartTicks = 1 }).IsAlive);
    }
}
