using System.Diagnostics;
using Orchestrator.IntegrationTests.JobTemplates;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>
/// A machine as <c>scripts/test-servers start machine:NAME</c> makes it: a container with sshd whose own containers run beside it, so that
/// it can end without them (they are zombies then) and with them (its power is cut).
/// </summary>
internal sealed class RentedMachine(string name) : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(9);
    private Dictionary<string, string> _facts = [];

    public string Name => name;

    public string Root => _facts["MACHINE_ROOT"];

    /// <summary>Its line in the configuration.</summary>
    public string Configuration(string price) => Line(name, _facts["MACHINE_USER"], Root, price);

    /// <summary>The same machine as one of its users sees it, with the user's own folder there.</summary>
    public string ConfigurationOf(string user) => Line(user, user, RootOf(user), "$0.10/h");

    public string RootOf(string user) => Root + "/" + user;

    /// <summary>A command on the machine, as root.</summary>
    public Task<string> RunAsync(string script, params string[] arguments) => DockerAsync(["exec", _facts["MACHINE_CONTAINER"], "sh", "-ec", script, "sh", .. arguments]);

    private string Line(string machine, string user, string root, string price) =>
        $"{machine}: {{address: {_facts["MACHINE_ADDRESS"]}, port: {_facts["MACHINE_PORT"]}, user: {user}, key: {_facts["MACHINE_KEY"]}, root: {root}, slots: 1, price: {price}}}";

    public async Task InitializeAsync() => _facts = (await ScriptRun.SucceedsAsync("test-servers", _patience, "start", "machine:" + name))
        .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>The machine alone; what it has started goes on.</summary>
    public Task EndAloneAsync() => DockerAsync("kill", _facts["MACHINE_CONTAINER"]);

    public async Task CutPowerAsync() => await DockerAsync(["kill", .. await ContainersAsync(), _facts["MACHINE_CONTAINER"]]);

    public Task StartAsync() => DockerAsync("start", _facts["MACHINE_CONTAINER"]);

    /// <summary>What it has started and what still runs.</summary>
    public async Task<string[]> ContainersAsync()
    {
        List<string> found = [];
        foreach (var container in Lines(await DockerAsync("ps", "--quiet", "--no-trunc", "--filter", "label=orchestrator.instance")))
        {
            if ((await MountsAsync(container)).Contains(Root + "/", StringComparison.Ordinal))
            {
                found.Add(container);
            }
        }

        return [.. found];
    }

    /// <summary>Nothing where it has gone since it was listed: another machine's may.</summary>
    private static async Task<string> MountsAsync(string container)
    {
        try
        {
            return await DockerAsync("inspect", "--format", "{{range .Mounts}}{{println .Source}}{{end}}", container);
        }
        catch (InvalidOperationException gone) when (gone.Message.Contains("No such object", StringComparison.Ordinal))
        {
            return "";
        }
    }

    public static async Task<string> DockerAsync(params string[] arguments)
    {
        var socket = Path.Combine(Repository.Root, "artifacts/servers/daemon/docker.sock");
        using var docker = Process.Start(new ProcessStartInfo("docker", ["--host", "unix://" + socket, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = docker.StandardOutput.ReadToEndAsync();
        var errors = docker.StandardError.ReadToEndAsync();
        await docker.WaitForExitAsync();
        return docker.ExitCode == 0 ? await output : throw new InvalidOperationException($"docker {string.Join(' ', arguments)}: {await errors}");
    }

    public async Task DisposeAsync()
    {
        if (_facts.Count > 0)
        {
            await ScriptRun.SucceedsAsync("test-servers", _patience, "stop", "machine:" + name);
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
