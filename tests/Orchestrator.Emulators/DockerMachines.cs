using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Orchestrator.Emulators;

/// <summary>
/// Machines of a Docker engine on this machine: containers with an sshd on port 22 of a loopback address of their own, and with the engine's
/// socket. What one starts runs beside it. Folders that its first boot makes lie on this machine as well, under the same path, so that both
/// see what such a container mounts.
/// </summary>
/// <param name="emulator">Name of the API: containers carry it as a label, so that what is left behind can be counted.</param>
/// <param name="socket">The engine's, a file.</param>
/// <param name="image">With sshd, the docker command, a user <c>ubuntu</c> and a <c>cloud-init</c> that tells of <c>/run/first-boot</c>.</param>
public sealed class DockerMachines(string emulator, string socket, string image) : IMachineBackend, IAsyncDisposable
{
    // sshd answers before the commands of the first boot are done, as on a real machine.
    private const string Boot =
        """
        echo running >/run/first-boot
        mkdir -p /run/sshd /etc/machine && chmod 755 /etc/machine
        echo "$3" >/etc/machine/login && chmod 644 /etc/machine/login
        umask 077
        echo "$2" >/etc/machine/host
        # The image may have such a group, of another number than the socket's.
        groups=$(cat /etc/group)
        echo "$groups" | while IFS= read -r group; do case $group in docker:*) ;; *) echo "$group" ;; esac; done >/etc/group
        echo "docker:x:$(stat -c %g /var/run/docker.sock):$5" >>/etc/group
        (sleep 1; eval "$4"; echo done >/run/first-boot) &
        exec /usr/sbin/sshd -D -e -f /dev/null -h /etc/machine/host -o "ListenAddress $1:22" -o AuthorizedKeysFile=/etc/machine/login -o PidFile=none \
            -o UsePAM=no -o StrictModes=no -o PasswordAuthentication=no -o KbdInteractiveAuthentication=no -o MaxStartups=100 -o MaxSessions=100
        """;

    private const string Silence = "while :; do sleep 60; done";

    private readonly ConcurrentDictionary<string, Machine> _machines = new();

    public void Start(string id, MachineOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var machine = _machines[id] = new Machine($"127.{RandomNumberGenerator.GetInt32(64, 128)}.{RandomNumberGenerator.GetInt32(256)}.{RandomNumberGenerator.GetInt32(2, 255)}", [.. CloudInit.Folders(order.UserData)]);
        machine.Then(async () =>
        {
            var commands = string.Concat(CloudInit.Commands(order.UserData).Select(words => string.Join(' ', words.Select(Quote)) + "\n"));
            await DockerAsync([
                "run", "--detach", "--name", NameOf(id), "--label", $"{DockerBackend.Label}={emulator}", "--network", "host", "--volume", $"{socket}:/var/run/docker.sock",
                .. machine.Folders.SelectMany(folder => (string[])["--volume", $"{folder}:{folder}"]),
                .. Faults(order).SelectMany(file => (string[])["--volume", $"/dev/null:{file}:ro"]),
                "--entrypoint", "/bin/sh", image, "-c", order.IsSilent ? Silence : Boot, "sh", machine.Address, CloudInit.HostKey(order.UserData) ?? "", order.LoginKey, commands, order.IsUserInDockerGroup ? "ubuntu" : "",
            ]);
            machine.IsUp = true;
        });
    }

    public void Destroy(string id)
    {
        if (_machines.TryGetValue(id, out var machine))
        {
            machine.IsUp = false;
            machine.Then(() => RemoveAsync(id, machine));
        }
    }

    public void Freeze(string id, bool frozen)
    {
        if (_machines.TryGetValue(id, out var machine))
        {
            machine.Then(() => DockerAsync([frozen ? "pause" : "unpause", NameOf(id)]));
        }
    }

    public string? Address(string id) => _machines.TryGetValue(id, out var machine) && machine.IsUp ? machine.Address : null;

    /// <summary>Why a machine's last command failed; null = it did not.</summary>
    public string? Trouble(string id) => _machines.TryGetValue(id, out var machine) ? machine.Trouble : null;

    /// <summary>Names of the machines that are still there.</summary>
    public async Task<string[]> LeftAsync() => Lines(await DockerAsync(["ps", "--all", "--filter", $"label={DockerBackend.Label}={emulator}", "--format", "{{.Names}}"]));

    public async ValueTask DisposeAsync()
    {
        foreach (var (id, machine) in _machines)
        {
            Destroy(id);
            await machine.Last;
        }
    }

    private async Task RemoveAsync(string id, Machine machine)
    {
        await DockerAsync(["rm", "--force", "--volumes", NameOf(id)]);
        while (await BesideAsync(machine) is { Length: > 0 } beside)
        {
            await DockerAsync(["rm", "--force", "--volumes", .. beside]);
        }

        foreach (var folder in machine.Folders)
        {
            await DockerAsync(["run", "--rm", "--network", "none", "--volume", $"{Path.GetDirectoryName(folder)}:/parent", "--entrypoint", "/bin/rm", image, "-rf", $"/parent/{Path.GetFileName(folder)}"]);
        }
    }

    /// <summary>What it started: that mounts of its folders.</summary>
    private async Task<string[]> BesideAsync(Machine machine)
    {
        List<string> beside = [];
        foreach (var container in Lines(await DockerAsync(["ps", "--all", "--quiet", "--no-trunc"])))
        {
            // It may have gone since it was listed.
            var mounts = await DockerAsync(["container", "ls", "--all", "--no-trunc", "--filter", $"id={container}", "--format", "{{.Mounts}}"]);
            if (mounts.Split(',').Any(mount => machine.Folders.Any(folder => mount.Trim().StartsWith(folder + "/", StringComparison.Ordinal))))
            {
                beside.Add(container);
            }
        }

        return [.. beside];
    }

    private static IEnumerable<string> Faults(MachineOrder order)
    {
        (bool Is, string File)[] files = [(order.IsDriverOld, "/etc/card-old"), (order.IsCardDead, "/etc/card-fails"), (order.IsCudaDead, "/etc/cuda-fails")];
        return files.Where(file => file.Is).Select(file => file.File);
    }

    private string NameOf(string id) => $"emulated-{emulator}-{id}";

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<string> DockerAsync(IReadOnlyList<string> arguments)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", ["--host", "unix://" + socket, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("docker does not start");
        var problems = docker.StandardError.ReadToEndAsync();
        var output = await docker.StandardOutput.ReadToEndAsync();
        await docker.WaitForExitAsync();
        return docker.ExitCode == 0 || arguments[0] == "rm" ? output : throw new InvalidOperationException($"docker {arguments[0]}: {await problems}");
    }

    /// <summary>Its commands run one after the other, in the background.</summary>
    private sealed class Machine(string address, ImmutableArray<string> folders)
    {
        private readonly Lock _gate = new();
        private volatile bool _isUp;

        public string Address => address;

        public ImmutableArray<string> Folders => folders;

        public Task Last { get; private set; } = Task.CompletedTask;

        public string? Trouble { get; private set; }

        public bool IsUp
        {
            get => _isUp;
            set => _isUp = value;
        }

        public void Then(Func<Task> work)
        {
            lock (_gate)
            {
                Last = After(Last, work);
            }
        }

        private async Task After(Task before, Func<Task> work)
        {
            await before;
            try
            {
                await work();
                Trouble = null;
            }
            catch (InvalidOperationException failure)
            {
                Trouble = failure.Message;
            }
        }
    }
}
