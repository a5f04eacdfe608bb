using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Emulators;

/// <summary>
/// Containers of a Docker engine on this machine. The image is pulled, the entrypoint is run and sshd is reached as at a real host; only
/// the port outside is ours to choose.
/// </summary>
/// <param name="emulator">Name of the API: containers carry it as a label, so that what is left behind can be counted.</param>
/// <param name="options">Before every command, for example <c>--host unix:///run/x.sock</c>.</param>
/// <param name="hasNetworks">False = the engine makes no network devices: containers have the machine's, and what listens inside is told
/// its port outside instead of the one it was ordered with.</param>
public sealed class DockerBackend(string emulator, IReadOnlyList<string>? options = null, bool hasNetworks = true) : IInstanceBackend, IAsyncDisposable
{
    public const string Label = "orchestrator.emulator";

    private readonly ConcurrentDictionary<string, Instance> _instances = new();

    public void Start(string id, ContainerOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var instance = _instances.GetOrAdd(id, _ => new Instance());
        var ports = order.Ports.ToDictionary(inside => inside, _ => FreePort());
        var change = instance.Changed();
        instance.Then(async () =>
        {
            await DockerAsync(["rm", "--force", NameOf(id)]);
            await PullAsync(order);
            await DockerAsync(Run(id, order, ports));
            instance.OpenUnlessChanged(change, ports);
        });
    }

    public void Stop(string id) => Change(id, ["stop", "--time", "1", NameOf(id)]);

    public void Destroy(string id) => Change(id, ["rm", "--force", "--volumes", NameOf(id)]);

    public void Freeze(string id, bool frozen)
    {
        if (_instances.TryGetValue(id, out var instance))
        {
            instance.Then(() => DockerAsync([frozen ? "pause" : "unpause", NameOf(id)]));
        }
    }

    public IReadOnlyDictionary<int, int>? Ports(string id) => _instances.TryGetValue(id, out var instance) ? instance.Ports : null;

    /// <summary>Why an instance's last command failed; null = it did not.</summary>
    public string? Trouble(string id) => _instances.TryGetValue(id, out var instance) ? instance.Trouble : null;

    /// <summary>Names of the containers that are still there.</summary>
    public async Task<string[]> LeftAsync() =>
        (await DockerAsync(["ps", "--all", "--filter", $"label={Label}={emulator}", "--format", "{{.Names}}"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances.Values)
        {
            await instance.Last;
        }

        foreach (var name in await LeftAsync())
        {
            await DockerAsync(["rm", "--force", "--volumes", name]);
        }
    }

    private void Change(string id, string[] command)
    {
        if (_instances.TryGetValue(id, out var instance))
        {
            instance.Changed();
            instance.Then(() => DockerAsync(command));
        }
    }

    private List<string> Run(string id, ContainerOrder order, Dictionary<int, int> ports)
    {
        // Whatever ends inside is started again, as hosts do it.
        List<string> arguments = ["run", "--detach", "--name", NameOf(id), "--label", $"{Label}={emulator}", "--restart", "always"];
        foreach (var (inside, outside) in ports)
        {
            if (hasNetworks)
            {
                arguments.AddRange(["--publish", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{outside}:{inside}")]);
            }
        }

        if (!hasNetworks)
        {
            arguments.AddRange(["--network", "host"]);
        }

        foreach (var (name, value) in order.Environment)
        {
            arguments.AddRange(["--env", $"{name}={value}"]);
        }

        if (order.IsCardDead)
        {
            arguments.AddRange(["--volume", "/dev/null:/etc/card-fails:ro"]);
        }

        if (order.IsCudaDead)
        {
            arguments.AddRange(["--volume", "/dev/null:/etc/cuda-fails:ro"]);
        }

        if (order.IsDriverOld)
        {
            arguments.AddRange(["--volume", "/dev/null:/etc/card-old:ro"]);
        }

        if (order.Entrypoint is { } entrypoint)
        {
            arguments.AddRange(["--entrypoint", entrypoint]);
        }

        arguments.Add(order.Image);
        arguments.AddRange(order.Arguments.Select(argument => !hasNetworks && int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var inside) && ports.TryGetValue(inside, out var outside)
            ? outside.ToString(CultureInfo.InvariantCulture)
            : argument));
        return arguments;
    }

    /// <summary>With the login in a folder of its own, as each customer's pull has it.</summary>
    private async Task PullAsync(ContainerOrder order)
    {
        if (order.Login is not { } login)
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("orc-pull-").FullName;
        try
        {
            await DockerAsync(["--config", folder, "login", "--username", login.User, "--password-stdin", login.Registry], login.Password);
            await DockerAsync(["--config", folder, "pull", "--quiet", order.Image]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string NameOf(string id) => $"emulated-{emulator}-{id}";

    private static int FreePort()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private async Task<string> DockerAsync(IReadOnlyList<string> arguments, string? input = null)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", [.. options ?? [], .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("docker does not start");
        await docker.StandardInput.WriteAsync(input);
        docker.StandardInput.Close();
        var problems = docker.StandardError.ReadToEndAsync();
        var output = await docker.StandardOutput.ReadToEndAsync();
        await docker.WaitForExitAsync();
        return docker.ExitCode == 0 || arguments[0] == "rm" ? output : throw new InvalidOperationException($"docker {arguments[0]}: {await problems}");
    }

    /// <summary>Its commands run one after the other, in the background.</summary>
    private sealed class Instance
    {
        private readonly Lock _gate = new();

        public Task Last { get; private set; } = Task.CompletedTask;

        private int _changes;

        /// <summary>Null = not up.</summary>
        public IReadOnlyDictionary<int, int>? Ports { get; private set; }

        public string? Trouble { get; private set; }

        /// <summary>Whatever is under way for it is out of date.</summary>
        public int Changed()
        {
            lock (_gate)
            {
                Ports = null;
                return ++_changes;
            }
        }

        public void OpenUnlessChanged(int since, IReadOnlyDictionary<int, int> ports)
        {
            lock (_gate)
            {
                Ports = since == _changes ? ports : Ports;
            }
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
