using System.Diagnostics;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.Tests.Providers;

/// <summary>The scripts themselves, run by this machine's shell with tools that tell of other machines.</summary>
public sealed class MachineScriptTests : IDisposable
{
    private const string Instance = "i-0123456789ab";

    private readonly TemporaryFolder _folder = new();
    private readonly string _root;
    private readonly string _instance;

    public MachineScriptTests()
    {
        _root = _folder.File("machine");
        _instance = Path.Combine(_root, "instances", Instance);
        Directory.CreateDirectory(Path.Combine(_instance, "root", "agent"));
        Directory.CreateDirectory(Path.Combine(_root, "slots"));
        File.WriteAllText(Path.Combine(_instance, "card"), "label=orc-e1-7-1\ncreated=1\nagent=a1\nslots=1\nkind=container\n");
        File.WriteAllText(Path.Combine(_instance, "gpus"), "\n");
        Tool("docker", "exit 1");
        Executable(Path.Combine(_root, "agents", "a1", "orchestrator-agent"), "exit 1");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Whatever keeps one instance's agent from telling whether it lives, the list is whole.</summary>
    [Fact]
    public void An_agent_that_does_not_come_back_costs_the_list_seconds_and_its_instance_is_unknown()
    {
        Executable(Path.Combine(_root, "agents", "a1", "orchestrator-agent"), "echo waits for ever >&2; exit 1");
        Tool("timeout", "[ \"$1 $2 $3\" = '-k 1 5' ] && exit 124; echo wrong; exit 1");

        var listed = Run(MachineScripts.List, _root);

        Assert.Contains($"instance\t{Instance}\torc-e1-7-1\tunknown\t", listed, StringComparison.Ordinal);
        Assert.EndsWith("end\t1\n", listed, StringComparison.Ordinal);
    }

    /// <summary>A trainer in a container is root, and whoever destroys is the machine's user.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_only_root_can_delete_is_deleted_through_docker_with_the_instances_image_or_another_of_ours(bool isNoted)
    {
        Directory.CreateDirectory(Path.Combine(_instance, "root", "tb"));
        File.WriteAllText(Path.Combine(isNoted ? _instance : Directory.CreateDirectory(Path.Combine(_root, "images")).FullName, "image"), "acme/trainer@sha256:1\n");
        // Root's folder: nobody deletes it before a container has.
        Tool("rm", $"case \"$*\" in *{Instance}/root) [ -e '{_folder.File("freed")}' ] || exit 1 ;; esac; PATH=${{PATH#*:}}; exec rm \"$@\"");
        Tool("docker", $"echo \"$*\" >>'{_folder.File("asked")}'; [ \"$1\" != run ] || : >'{_folder.File("freed")}'");

        Assert.Equal("destroyed\n", Run(MachineScripts.Destroy, _root, Instance));

        Assert.False(Directory.Exists(_instance));
        var run = Assert.Single(File.ReadAllLines(_folder.File("asked")), line => line.StartsWith("run ", StringComparison.Ordinal));
        Assert.Contains("--pull never --network none", run, StringComparison.Ordinal);
        Assert.Contains($"source={_instance}/root,target=/root-of-{Instance} --entrypoint /bin/sh acme/trainer@sha256:1 -c rm -rf /root-of-{Instance}/*", run, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_leaves_nothing_of_roots_costs_no_other()
    {
        File.WriteAllText(Path.Combine(_instance, "image"), "acme/trainer:1\n");
        Tool("docker", $"echo \"$*\" >>'{_folder.File("asked")}'");

        Assert.Equal("destroyed\n", Run(MachineScripts.Destroy, _root, Instance));

        Assert.Equal($"rm -f -v orchestrator-{Instance}", Assert.Single(File.ReadAllLines(_folder.File("asked"))));
    }

    private string Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("sh", ["-s", "--", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder.File("tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        // Not a socket: no sudo, which would look for its own docker.
        start.Environment["DOCKER_HOST"] = "tcp://127.0.0.1:1";
        using var process = Process.Start(start)!;
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private void Tool(string name, string script) => Executable(_folder.File("tools/" + name), script);

    private static void Executable(string path, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
