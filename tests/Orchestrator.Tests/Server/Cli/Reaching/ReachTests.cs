using Orchestrator.Server.Api;
using Orchestrator.Server.Cli;
using Orchestrator.Server.Cli.Reaching;
using Xunit;

namespace Orchestrator.Tests.Server.Cli.Reaching;

public sealed class ReachTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orc-reach-").FullName;

    public void Dispose() => Directory.Delete(_root);

    [Theory]
    [InlineData("lora:/ckpt/a", "lora", "/ckpt/a")]
    [InlineData("lora#112:out", "lora#112", "out")]
    [InlineData("#112:/x:y", "#112", "/x:y")]
    [InlineData("./a:b", null, "./a:b")]
    [InlineData("/a:b", null, "/a:b")]
    [InlineData("plain", null, "plain")]
    [InlineData(":x", null, ":x")]
    public void A_path_of_a_job_has_a_colon_before_its_first_slash(string text, string? job, string path) =>
        Assert.Equal(new JobPath(job, path), JobPath.Parse(text));

    [Theory]
    [InlineData("6006", 6006, 6006)]
    [InlineData("9000:6006", 9000, 6006)]
    [InlineData("0", 0, 0)]
    [InlineData("1:2:3", 0, 0)]
    [InlineData("x:80", 0, 0)]
    [InlineData("65536", 0, 0)]
    public void Ports(string text, int ours, int theirs) =>
        Assert.Equal(ours == 0 ? null : new PortPair(ours, theirs), PortPair.Parse(text));

    [Fact]
    public void The_client_is_given_the_way_and_the_one_key_that_each_machine_may_show()
    {
        var machine = new SshReach("lab-1", "10.0.0.5", 2222, "ubuntu", "/keys/id", "ssh-ed25519 AAAA", new SshReach("lab-1-jump", "gate", 22, "me", null, "ssh-rsa BBBB", null));

        var text = SshClientFiles.Text(machine, "/tmp/known");

        Assert.Equal("orchestrator-lab-1 ssh-ed25519 AAAA\norchestrator-lab-1-jump ssh-rsa BBBB\n", SshClientFiles.KnownHosts(machine));
        Assert.Contains("Host orchestrator-lab-1\n  HostName 10.0.0.5\n  Port 2222\n  User ubuntu\n", text, StringComparison.Ordinal);
        Assert.Contains("  IdentityFile \"/keys/id\"\n  IdentitiesOnly yes\n  ProxyJump orchestrator-lab-1-jump\n", text, StringComparison.Ordinal);
        Assert.Contains("Host orchestrator-lab-1-jump\n  HostName gate\n", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("StrictHostKeyChecking yes").Length - 1);
    }

    [Fact]
    public void A_command_reaches_the_other_side_as_it_is()
    {
        using var host = new JobHost(new JobReach(new JobRef(1, "lora"), 1, "local", _root));

        var start = host.Command(["printf", "%s", "it's; $HOME"]);

        Assert.Equal("sh", start.FileName);
        Assert.Equal(["printf", "%s", "it's; $HOME"], start.ArgumentList.TakeLast(3));
        Assert.Equal("'it'\\''s; $HOME'", JobHost.Quote("it's; $HOME"));
        Assert.Equal(_root + "/ckpt/a", host.Place("/ckpt/a"));
    }

    [Fact]
    public void A_shell_in_somebodys_home_keeps_no_history()
    {
        using var host = new JobHost(new JobReach(new JobRef(1, "lora"), 1, "local", _root));
        var start = host.Command(["sh", "-c", "echo \"$HISTFILE\""]);
        start.RedirectStandardOutput = true;

        using var shell = System.Diagnostics.Process.Start(start)!;

        Assert.Equal("/dev/null\n", shell.StandardOutput.ReadToEnd());
        shell.WaitForExit();
    }

    [Fact]
    public void In_a_container_commands_go_behind_the_prefix_and_paths_are_its_own()
    {
        using var host = new JobHost(new JobReach(new JobRef(1, "lora"), 1, "local", _root) { Prefix = ["docker", "exec", "-i", "orc-1"] });

        var start = host.Command(["nvidia-smi", "-L"]);

        Assert.Equal(("docker", "exec -i orc-1 nvidia-smi -L"), (start.FileName, string.Join(' ', start.ArgumentList)));
        Assert.Equal("/ckpt/a", host.Place("/ckpt/a"));
    }

    [Fact]
    public void What_runs_on_another_machine_says_where_to_go()
    {
        var refused = Assert.Throws<CliException>(() => new JobHost(new JobReach(new JobRef(1, "lora"), 1, "local", _root + "-gone")).Dispose());

        Assert.Equal(ExitCodes.Unreachable, refused.ExitCode);
        Assert.Contains("server's own machine", refused.Message, StringComparison.Ordinal);
    }
}
