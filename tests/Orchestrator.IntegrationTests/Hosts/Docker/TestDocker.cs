using System.Diagnostics;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>
/// A Docker daemon of the tests' own beside whatever else runs here, which can be frozen. Its images are made of root file systems that
/// are there already: nothing is pulled. It makes no network devices; its containers have the machine's network.
/// </summary>
public sealed class TestDocker : IAsyncLifetime
{
    public const string Image = "orchestrator-test/small:12";

    /// <summary>An image without anything in it.</summary>
    public const string Empty = "orchestrator-test/empty:1";

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-docker-").FullName;
    private Process? _daemon;

    public static string? Program { get; } = new[] { "/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd" }.FirstOrDefault(File.Exists);

    /// <summary>The files of a small Debian 12; null = they were not made.</summary>
    public static string? Root { get; } = Path.Combine(AgentBinary.RepositoryRoot(), "artifacts", "roots", "bookworm") is var root && Directory.Exists(root) ? root : null;

    public string Host => $"unix://{_folder}/docker.sock";

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null)
        {
            return;
        }

        _daemon = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec {Program} --host {Host} --data-root {_folder}/data --exec-root {_folder}/run --pidfile {_folder}/pid --bridge=none --iptables=false --ip6tables=false >{_folder}/log 2>&1"]))!;
        await Wait.UntilAsync(
            async () => _daemon.HasExited ? throw new InvalidOperationException("dockerd ended: " + Log()) : (await TryAsync("version")).Code == 0,
            "an answer of dockerd: " + Log(),
            TimeSpan.FromMinutes(3));
        await ImportAsync(Image, Root!);
        await ImportAsync(Empty, Directory.CreateDirectory(Path.Combine(_folder, "nothing")).FullName);
    }

    public void Freeze() => Send(Signals.Stop);

    public void GoOn() => Send(Signals.Continue);

    public async Task<string> RunAsync(params string[] arguments) =>
        await TryAsync(arguments) is (0, var output) ? output : throw new InvalidOperationException($"docker {string.Join(' ', arguments)}: {(await TryAsync(arguments)).Output}\n{Log()}");

    /// <summary>Ids of all containers, running or not, with a label.</summary>
    public async Task<string[]> ContainersAsync(string label = "orchestrator.instance") =>
        (await RunAsync("ps", "--all", "--quiet", "--no-trunc", "--filter", "label=" + label)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task DisposeAsync()
    {
        if (_daemon is not null)
        {
            GoOn();
            if (await TryAsync("ps", "--all", "--quiet") is (0, { Length: > 0 } left))
            {
                await TryAsync(["rm", "--force", .. left.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
            }

            Send(Signals.Terminate);
            await _daemon.WaitForExitAsync();
            _daemon.Dispose();
        }

        // Network name spaces stay mounted after the daemon's end.
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1]).Where(mount => mount.StartsWith(_folder + "/", StringComparison.Ordinal)).Reverse().ToList())
        {
            using var unmount = Process.Start("umount", [mount]);
            await unmount.WaitForExitAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task ImportAsync(string name, string root)
    {
        using var import = Process.Start(new ProcessStartInfo("sh", ["-c", $"tar -C '{root}' -c . | docker --host {Host} import - {name}"]) { RedirectStandardError = true })!;
        var errors = await import.StandardError.ReadToEndAsync();
        await import.WaitForExitAsync();
        Assert.True(import.ExitCode == 0, errors);
    }

    private void Send(int signal)
    {
        if (_daemon is { HasExited: false } && LiveProcess.Read(_daemon.Id) is { } process)
        {
            Signals.Send(process, signal);
        }
    }

    private string Log() => File.Exists(Path.Combine(_folder, "log")) ? string.Join('\n', File.ReadLines(Path.Combine(_folder, "log")).TakeLast(15)) : "";

    private async Task<(int Code, string Output)> TryAsync(params string[] arguments)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", ["--host", Host, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = docker.StandardOutput.ReadToEndAsync();
        var errors = docker.StandardError.ReadToEndAsync();
        await docker.WaitForExitAsync();
        return (docker.ExitCode, docker.ExitCode == 0 ? (await output).Trim() : await errors);
    }
}
