using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Emulators;

/// <summary>
/// Containers of a Docker engine on this machine. The image is pulled, the entrypoint is run and sshd is reached as at a real host; only
/// the port outside is ours to choose.
/// What an instance moves is counted where it passes: its image, by the sizes that its registry names; its ports, behind a relay each; and
/// whatever else leads through a <see cref="TrafficRelay"/> that asks <see cref="CountOf"/>, such as a job's store. Anything else that it
/// connects to is not counted; with networks of its own (<c>hasNetworks</c>) a container reaches no relay, and image and ports are all.
/// </summary>
/// <param name="emulator">Name of the API: containers carry it as a label, so that what is left behind can be counted.</param>
/// <param name="options">Before every command, for example <c>--host unix:///run/x.sock</c>.</param>
/// <param name="hasNetworks">False = the engine makes no network devices: containers have the machine's, and what listens inside is told
/// its port outside instead of the one it was ordered with.</param>
public sealed class DockerBackend(string emulator, IReadOnlyList<string>? options = null, bool hasNetworks = true) : IInstanceBackend, IAsyncDisposable
{
    public const string Label = "orchestrator.emulator";

    private readonly ConcurrentDictionary<string, DockerInstance> _instances = new();

    /// <summary>By the engine's ids; those of earlier starts stay, since what they opened may still be on its way.</summary>
    private readonly ConcurrentDictionary<string, TrafficCount> _containers = new();

    public void Start(string id, ContainerOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var instance = _instances.GetOrAdd(id, _ => new DockerInstance());
        var ports = order.Ports.ToDictionary(inside => inside, _ => FreePort());
        var change = instance.Changed();
        instance.Then(async () =>
        {
            await DockerAsync(["rm", "--force", NameOf(id)]);
            await instance.CloseDoorsAsync();
            await LoggedInAsync(order, async config =>
            {
                if (config.Length > 0)
                {
                    await DockerAsync([.. config, "pull", "--quiet", order.Image]);
                }

                // Known before it runs: what it connects to first is counted as well.
                var container = (await DockerAsync(Create(id, order, ports))).Trim();
                _containers[container] = instance.Traffic;
                await DockerAsync(["start", container]);
                if (!instance.HasImage)
                {
                    instance.Traffic.Receive(await PulledBytesAsync(order.Image, config));
                    instance.HasImage = true;
                }
            });
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

    public HostTraffic Moved(string id) => _instances.TryGetValue(id, out var instance) ? instance.Traffic.Now : HostTraffic.None;

    /// <summary>Where the bytes of a container are counted, by its whole id; null = it is none of ours.</summary>
    public TrafficCount? CountOf(string container) => _containers.GetValueOrDefault(container);

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
            await instance.CloseDoorsAsync();
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
            instance.Then(async () =>
            {
                await DockerAsync(command);
                await instance.CloseDoorsAsync();
            });
        }
    }

    private List<string> Create(string id, ContainerOrder order, Dictionary<int, int> ports)
    {
        // Whatever ends inside is started again, as hosts do it.
        List<string> arguments = ["create", "--name", NameOf(id), "--label", $"{Label}={emulator}", "--restart", "always"];
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
    /// <param name="order">Whose login.</param>
    /// <param name="work">Takes the options that lead there; none = there is no login, and the engine pulls what it lacks by itself.</param>
    private async Task LoggedInAsync(ContainerOrder order, Func<string[], Task> work)
    {
        if (order.Login is not { } login)
        {
            await work([]);
            return;
        }

        var folder = Directory.CreateTempSubdirectory("orc-pull-").FullName;
        try
        {
            await DockerAsync(["--config", folder, "login", "--username", login.User, "--password-stdin", login.Registry], login.Password);
            await work(["--config", folder]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a host that has none of it receives. An image that was made on this machine and is in no registry comes over no line.</summary>
    private async Task<long> PulledBytesAsync(string image, string[] config)
    {
        var facts = (await DockerAsync(["image", "inspect", "--format", "{{len .RepoDigests}} {{.Os}} {{.Architecture}}", image])).Trim().Split(' ');
        if (facts[0] == "0")
        {
            return 0;
        }

        // As the engine has it: on a loopback address without TLS, or with a certificate of nobody.
        string[] plain = image.StartsWith("127.", StringComparison.Ordinal) || image.StartsWith("localhost", StringComparison.Ordinal) ? ["--insecure"] : [];
        var (bytes, digest) = ImageManifest.Read(await AskAsync(image), facts[1], facts[2]);
        return digest is null ? bytes : ImageManifest.Read(await AskAsync($"{RepositoryOf(image)}@{digest}"), facts[1], facts[2]).Bytes;

        Task<string> AskAsync(string name) => DockerAsync([.. config, "manifest", "inspect", .. plain, name]);
    }

    /// <summary>Without tag and digest: a colon before the last slash is a port.</summary>
    private static string RepositoryOf(string image) =>
        image.Split('@')[0] is var name && name.LastIndexOf(':') is var colon && colon > name.LastIndexOf('/') ? name[..colon] : name;

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
}
