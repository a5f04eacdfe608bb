using System.Diagnostics;
using System.Text.Json;
using Orchestrator.IntegrationTests.Agent.Portable;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>An instance as the local provider makes it: a folder, and a supervisor that outlives whoever started it.</summary>
public sealed class AgentInstance : IDisposable
{
    private readonly SmallDisk? _disk;
    private readonly MinimalRoot? _system;

    public AgentInstance(MinimalRoot system)
    {
        _system = system;
        Home = system.Folder;
        Root = Path.Combine(Home, "instance");
        var (code, output) = system.Execute(null, "/orchestrator-agent", "supervise", "--root", "/instance", "--label", "orc-test", "--detach");
        Assert.True(code == 0, output);
    }

    /// <param name="sabotage">A rule to break.</param>
    /// <param name="diskSize">Size of a file system of its own, as mount takes it; null = where temporary files lie.</param>
    public AgentInstance(string? sabotage = null, string? diskSize = null)
    {
        Home = Directory.CreateTempSubdirectory("orc-agent-test-").FullName;
        Root = Path.Combine(Home, "instance");
        if (diskSize is not null)
        {
            Directory.CreateDirectory(Root);
            _disk = new SmallDisk(Root, diskSize);
        }

        var (code, output) = Finish(Program("supervise", "--root", Root, "--label", "orc-test", "--detach"), sabotage);
        Assert.True(code == 0, output);
    }

    public string Home { get; }

    public string Root { get; }

    /// <summary>To be started: a verb of the agent on this instance.</summary>
    public ProcessStartInfo Verb(string verb) =>
        _system?.Command("/orchestrator-agent", verb, "--root", "/instance") ?? Program(verb, "--root", Root);

    /// <summary>Where we find what the job calls <paramref name="specPath"/>.</summary>
    public string Place(string specPath) => _disk?.Outside(Root + specPath) ?? (Root + specPath);

    public TrainerOrder Order(string script, CompletionKind completion = CompletionKind.Rename) => new()
    {
        JobId = "01J",
        JobName = "test",
        Attempt = 1,
        AttemptPrefix = "jobs/test-01J/e1/a0001/",
        Command = ["bash", "-euo", "pipefail", "-c", script],
        Checkpoints = new CheckpointOrder { Path = "/ckpt", Completion = completion, Settle = TimeSpan.FromSeconds(2) },
    };

    public int Pid(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Place("/agent/" + file)));
        return document.RootElement.GetProperty("pid").GetInt32();
    }

    public int TrainerPid(string member)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Place("/agent/trainer.json")));
        return document.RootElement.GetProperty(member).GetProperty("pid").GetInt32();
    }

    /// <summary>The agent's program, to be run where this instance lives.</summary>
    private ProcessStartInfo Program(params string[] arguments) =>
        _disk?.Enter(AgentBinary.Path, arguments) ?? new ProcessStartInfo(AgentBinary.Path, arguments);

    /// <summary>Runs the agent's program here, outside of any instance.</summary>
    public static (int Code, string Output) Execute(params string[] arguments) => Finish(new ProcessStartInfo(AgentBinary.Path, arguments), null);

    private static (int Code, string Output) Finish(ProcessStartInfo start, string? sabotage)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        if (sabotage is not null)
        {
            start.Environment["ORCHESTRATOR_SABOTAGE"] = sabotage;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    public void Dispose()
    {
        using (var destroying = Process.Start(Verb("destroy"))!)
        {
            destroying.WaitForExit();
        }

        _disk?.Dispose();
        if (_system is null)
        {
            Directory.Delete(Home, recursive: true);
        }
    }
}
