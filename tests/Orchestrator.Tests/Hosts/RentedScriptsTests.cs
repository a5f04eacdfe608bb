using System.Diagnostics;
using Orchestrator.Engine.Hosts.Rented;
using Xunit;

namespace Orchestrator.Tests.Hosts;

/// <summary>The scripts themselves, run by this machine's shell with an agent that only tells how it was called.</summary>
public sealed class RentedScriptsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-rented-").FullName;

    private string Ours => Path.Combine(_folder, "orc-e1-7-1");

    private string Root => Path.Combine(Ours, "instances", "i1", "root");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_machine_whose_first_boot_goes_on_is_left_alone()
    {
        Tool("cloud-init", "echo status: running");

        Assert.Equal("booting", Machine("container", 1));
        Assert.False(Directory.Exists(Ours));
    }

    [Fact]
    public void Where_the_agent_is_missing_it_is_wanted()
    {
        Assert.Equal("wanted", Machine("container", 1));
        Assert.True(Directory.Exists(Ours));
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public void A_machine_for_a_container_gets_its_books_once()
    {
        Agent("exit 9");

        Assert.Equal("up", Machine("container", 4));
        var id = File.ReadAllText(Path.Combine(Ours, "id"));
        Assert.Equal("up", Machine("container", 4));

        Assert.Equal("0,1,2,3\n", File.ReadAllText(Path.Combine(Ours, "instances", "i1", "gpus")));
        Assert.True(Directory.Exists(Path.Combine(Root, "agent")));
        Assert.True(Guid.TryParse(id, out _));
        Assert.Equal(id, File.ReadAllText(Path.Combine(Ours, "id")));
        Assert.False(File.Exists(Path.Combine(_folder, "asked")));
    }

    [Fact]
    public void On_a_bare_machine_the_agent_is_started_and_found_again()
    {
        Agent($"if [ $1 = alive ]; then [ -e {_folder}/alive ] && exit 0 || exit 1; fi; touch {_folder}/alive");

        Assert.Equal("begun", Machine("bare", 1));
        Assert.Equal("up", Machine("bare", 1));

        Assert.Equal([$"alive --root {Root}", $"supervise --root {Root} --label orc-e1-7-1 --detach", $"alive --root {Root}"], File.ReadAllLines(Path.Combine(_folder, "asked")));
    }

    [Theory]
    [InlineData("CONTAINER_API_KEY")]
    [InlineData("RUNPOD_API_KEY")]
    public void The_key_that_ends_a_container_is_the_agents_alone(string variable)
    {
        Agent($"[ $1 != alive ] || exit 1; echo \"${{ORCHESTRATOR_INSTANCE_KEY-}} ${{CONTAINER_API_KEY-none}} ${{RUNPOD_API_KEY-none}}\" >{_folder}/keys");

        Assert.Equal("begun", Run(RentedScripts.Container, [Root, "orc-e1-7-1", Ours, "", ""], (variable, "narrow-4711")));

        Assert.Equal("narrow-4711 none none", File.ReadAllText(Path.Combine(_folder, "keys")).Trim());
    }

    [Fact]
    public void What_runs_for_a_former_owner_is_ended_before_the_agent_is_looked_for()
    {
        Agent("[ $1 != alive ] || exit 1");

        Assert.Equal("begun", Run(RentedScripts.Container, [Root, "orc-e1-8-1", Ours, "", "", "2"]).Split(' ')[0]);

        Assert.Equal(
            [$"hand-over --root {Root} --owner 2", $"alive --root {Root}", $"supervise --root {Root} --label orc-e1-8-1 --owner 2 --container --detach"],
            File.ReadAllLines(Path.Combine(_folder, "asked")));
    }

    [Fact]
    public void A_container_that_is_a_later_owners_is_refused()
    {
        Agent("[ $1 != hand-over ] || { echo it has passed on; exit 3; }");

        Assert.Equal("refused the container cannot be handed over: it has passed on", Run(RentedScripts.Container, [Root, "orc-e1-8-1", Ours, "", "", "1"]));
    }

    [Fact]
    public void A_copy_that_is_damaged_is_refused_and_not_kept()
    {
        Directory.CreateDirectory(Ours);
        var copy = Path.Combine(Ours, "new-1");
        Executable(copy, "echo it is another one; exit 1");

        Assert.Equal("refused the agent that was copied is damaged or does not run: it is another one", Run(RentedScripts.Container, [Root, "orc-e1-7-1", Ours, copy, "abc"]));
        Assert.Empty(Directory.GetFiles(Ours));
    }

    private string Machine(string kind, int gpus) => Run(RentedScripts.Machine, [Root, "orc-e1-7-1", Ours, "", "", kind, $"{gpus}"]);

    private string Run(string script, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("sh", ["-s", "--", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Path.Combine(_folder, "tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }

    private void Agent(string script)
    {
        Directory.CreateDirectory(Ours);
        Executable(Path.Combine(Ours, "orchestrator-agent"), $"echo \"$*\" >>{_folder}/asked; {script}");
    }

    private void Tool(string name, string script) => Executable(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName, name), script);

    private static void Executable(string path, string script)
    {
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
