using System.Diagnostics;
using System.Security.Cryptography;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>
/// A Docker daemon of the tests' own beside whatever else runs here, which can be frozen, and a registry that shows its images to those
/// with a login. They are made of root file systems that are there already, and pushed; what pulls them needs the login. The daemon makes
/// no network devices; its containers have the machine's network. Containers that want GPUs get nothing for it, and start. One with a small disk of its own has no registry.
/// </summary>
public sealed class TestDocker : IAsyncLifetime
{
    /// <summary>On the daemon from the beginning; nothing in it runs.</summary>
    public const string Idle = "orchestrator-test/idle:1";

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-docker-").FullName;
    private readonly string? _disk;
    private readonly string _options;
    private Process? _daemon;
    private TestRegistry? _registry;

    public TestDocker()
        : this(null)
    {
    }

    /// <param name="disk">Size of the disk for its images and containers, as mount says it; such a daemon also claims to have NVIDIA's runtime.</param>
    /// <param name="options">More of dockerd's.</param>
    internal TestDocker(string? disk, string options = "") => (_disk, _options) = (disk, options);

    public static string? Program { get; } = new[] { "/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd" }.FirstOrDefault(File.Exists);

    /// <summary>The files of a small Debian 12; null = they were not made.</summary>
    public static string? Root { get; } = Path.Combine(AgentBinary.RepositoryRoot(), "artifacts", "roots", "bookworm") is var root && Directory.Exists(root) ? root : null;

    /// <summary>A small Debian 12; not on the daemon before somebody pulls it.</summary>
    public string Image => Registry + "/test/small:12";

    /// <summary>An image without anything in it.</summary>
    public string Empty => Registry + "/test/empty:1";

    /// <summary>As images name it; <see cref="TestRegistry.User"/> may read it.</summary>
    public string Registry => _registry?.Host ?? throw new InvalidOperationException("not started");

    public string Host => $"unix://{_folder}/docker.sock";

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null)
        {
            return;
        }

        var more = _options;
        var path = "";
        if (_disk is not null)
        {
            await Sshd.RunAsync("mount", "-t", "tmpfs", "-o", "size=" + _disk, "tmpfs", Directory.CreateDirectory(_folder + "/data").FullName);
            // And no hook: containers that want GPUs fail.
            more += " --add-runtime nvidia=" + new[] { "/usr/sbin/runc", "/usr/local/sbin/runc", "/usr/local/bin/runc" }.FirstOrDefault(File.Exists, "/usr/bin/runc");
        }

        else
        {
            var hook = Path.Combine(Directory.CreateDirectory(_folder + "/bin").FullName, "nvidia-container-runtime-hook");
            await File.WriteAllTextAsync(hook, "#!/bin/sh\n");
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            path = $"PATH={_folder}/bin:$PATH ";
        }

        _daemon = Process.Start(new ProcessStartInfo("sh", ["-c", $"{path}exec {Program} --host {Host} --data-root {_folder}/data --exec-root {_folder}/run --pidfile {_folder}/pid --bridge=none --iptables=false --ip6tables=false {more} >{_folder}/log 2>&1"]))!;
        await Wait.UntilAsync(
            async () => _daemon.HasExited ? throw new InvalidOperationException("dockerd ended: " + Log()) : (await TryAsync("version")).Code == 0,
            "an answer of dockerd: " + Log(),
            TimeSpan.FromMinutes(3));
        if (_disk is not null)
        {
            return;
        }

        _registry = await TestRegistry.StartAsync(login: true);
        await PushAsync(Image, Root!);
        await PushAsync(Empty, Directory.CreateDirectory(Path.Combine(_folder, "nothing")).FullName);
        var archive = Path.Combine(_folder, "idle.tar");
        await System.Formats.Tar.TarFile.CreateFromDirectoryAsync(Directory.CreateDirectory(Path.Combine(_folder, "idle")).FullName, archive, includeBaseDirectory: true);
        await RunAsync("import", archive, Idle);
    }

    /// <summary>An image of the small Debian and so many megabytes of zeros: quickly pulled, and unpacked only where there is room.</summary>
    public async Task<string> PushLargeAsync(int megabytes)
    {
        var folder = Path.Combine(_folder, "large");
        await Sshd.RunAsync("cp", "-a", Root!, folder);
        await Sshd.RunAsync("truncate", "-s", FormattableString.Invariant($"{megabytes}M"), folder + "/zeros");
        var name = Registry + "/test/large:1";
        await PushAsync(name, folder);
        return name;
    }

    /// <summary>An image of the small Debian and so many megabytes that no compression makes fewer.</summary>
    /// <param name="name">Of its repository: images of one name have nothing in common with those of another.</param>
    /// <param name="megabytes">How many.</param>
    /// <returns>Its name without the registry.</returns>
    public async Task<string> PushNoiseAsync(string name, int megabytes)
    {
        var folder = Path.Combine(_folder, name);
        await Sshd.RunAsync("cp", "-a", Root!, folder);
        await File.WriteAllBytesAsync(folder + "/noise", RandomNumberGenerator.GetBytes(megabytes << 20));
        await PushAsync($"{Registry}/test/{name}:1", folder);
        return $"test/{name}:1";
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

        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        // Network name spaces stay mounted after the daemon's end.
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1]).Where(mount => mount.StartsWith(_folder + "/", StringComparison.Ordinal)).Reverse().ToList())
        {
            using var unmount = Process.Start("umount", [mount]);
            await unmount.WaitForExitAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A folder as an image of the registry.</summary>
    /// <param name="name">With the registry.</param>
    /// <param name="root">Its files.</param>
    /// <param name="change">A line of a Dockerfile, for what is no file.</param>
    internal async Task PushAsync(string name, string root, string change = "")
    {
        const string Push = """
            tar -C "$1" -c . | docker --host "$2" import ${7:+--change "$7"} - "$3" &&
            printf %s "$6" | docker --host "$2" --config "$4" login --username "$5" --password-stdin "${3%%/*}" &&
            docker --host "$2" --config "$4" push --quiet "$3" && docker --host "$2" image rm "$3"
            """;
        using var push = Process.Start(new ProcessStartInfo(
            "sh", ["-ec", Push, "sh", root, Host, name, Path.Combine(_folder, "login"), TestRegistry.User, TestRegistry.Password, change])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var output = push.StandardOutput.ReadToEndAsync();
        var errors = await push.StandardError.ReadToEndAsync();
        await push.WaitForExitAsync();
        Assert.True(push.ExitCode == 0, errors + await output + Log());
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
