using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Orchestrator.Drills.Kit;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.IntegrationTests.Support.Ssh;

/// <summary>
/// A "machine": an sshd of its own on a loopback address of its own, with its own host key and its own folder for what we put there.
/// It can be switched off with everything that runs on it, frozen, and set up anew.
/// </summary>
public sealed class TestMachine : IAsyncLifetime
{
    private static int _machines = 20;
    private readonly string _folder;
    private readonly int _port;
    private readonly string _ip;
    private Process? _sshd;

    public TestMachine()
        : this("box")
    {
    }

    internal TestMachine(string name)
    {
        Name = name;
        _ip = "127.0.0." + Interlocked.Increment(ref _machines).ToString(CultureInfo.InvariantCulture);
        _port = FreePort(_ip);
        _folder = Directory.CreateTempSubdirectory("orc-machine-").FullName;
    }

    public static string? Sshd { get; } = new[] { "/usr/sbin/sshd", "/usr/local/sbin/sshd" }.FirstOrDefault(File.Exists);

    public string Name { get; }

    public string Ip => _ip;

    public int Port => _port;

    public string KeyFile => Path.Combine(_folder, "user");

    /// <summary>Everything of ours on the machine.</summary>
    public string Root => Path.Combine(_folder, "home", "orchestrator");

    public string Instances => Path.Combine(Root, "instances");

    public MachineAddress Address => new() { Name = Name, Host = _ip, Port = _port, User = Environment.UserName, KeyFile = KeyFile };

    public SshMachine Machine => new() { Address = Address, Root = Root, Slots = 2, PricePerHour = Money.FromDollars(1) };

    /// <summary>As ssh-keygen prints it.</summary>
    public async Task<string> FingerprintAsync() => (await RunAsync("ssh-keygen", "-lf", Path.Combine(_folder, "host.pub"))).Split(' ')[1];

    public async Task InitializeAsync()
    {
        if (Sshd is null)
        {
            return;
        }

        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KeyFile);
        File.Copy(KeyFile + ".pub", Path.Combine(_folder, "authorized"));
        await NewHostKeyAsync();
        await StartAsync();
    }

    /// <summary>As after an installation from scratch.</summary>
    public async Task NewHostKeyAsync()
    {
        File.Delete(Path.Combine(_folder, "host"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(_folder, "host"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "sshd.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            Port {_port}
            ListenAddress {_ip}
            HostKey {_folder}/host
            AuthorizedKeysFile {_folder}/authorized
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            AllowTcpForwarding yes
            LogLevel ERROR

            """));
    }

    public async Task StartAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd");
        }

        var start = new ProcessStartInfo(Sshd!, ["-D", "-E", Path.Combine(_folder, "sshd.log"), "-f", Path.Combine(_folder, "sshd.conf")]);
        // Trainers inherit it: what runs on the machine has nothing of the test's own environment.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ORCHESTRATOR_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        _sshd = Process.Start(start)!;
        await Wait.UntilAsync(AnswersAsync, "sshd to listen: " + Log(), TimeSpan.FromSeconds(30));
    }

    /// <summary>The network card is dead: connections end, what runs goes on.</summary>
    public async Task CutAsync()
    {
        foreach (var process in Connections().Append(_sshd is { HasExited: false } ? LiveProcess.Read(_sshd.Id) : null).OfType<LiveProcess>())
        {
            Signals.Send(process, Signals.Continue);
            Signals.Send(process, Signals.Kill);
        }

        if (_sshd is not null)
        {
            await _sshd.WaitForExitAsync();
        }
    }

    /// <summary>The power fails.</summary>
    public async Task PowerOffAsync()
    {
        await CutAsync();
        await Wait.UntilAsync(
            () =>
            {
                var alive = Running();
                foreach (var process in alive)
                {
                    Signals.Send(process, Signals.Kill);
                }

                return alive.Count == 0;
            },
            "the end of all that runs on " + Name,
            TimeSpan.FromSeconds(20),
            TimeSpan.FromMilliseconds(5));
    }

    /// <summary>The connections of the moment stop moving, without a word to the other side; new ones are accepted.</summary>
    public void FreezeConnections()
    {
        foreach (var process in Connections())
        {
            Signals.Send(process, Signals.Stop);
        }
    }

    /// <summary>What runs on it and is ours.</summary>
    public IReadOnlyList<LiveProcess> Running() => [.. LiveProcess.All().Where(process => process.Names(Root) && !process.Arguments.Contains("attach"))];

    public async Task DisposeAsync()
    {
        await PowerOffAsync();
        _sshd?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }

    internal static int FreePort(string ip)
    {
        using var probe = new TcpListener(IPAddress.Parse(ip), 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private string Log() => File.Exists(Path.Combine(_folder, "sshd.log")) ? File.ReadAllText(Path.Combine(_folder, "sshd.log")) : "";

    private async Task<bool> AnswersAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(_ip), _port);
            return true;
        }
        catch (SocketException)
        {
            return _sshd!.HasExited ? throw new InvalidOperationException($"sshd ended with {_sshd.ExitCode}: {Log()}") : false;
        }
    }

    /// <summary>The sshd processes of connections: children of the one that listens.</summary>
    private List<LiveProcess> Connections()
    {
        if (_sshd is null)
        {
            return [];
        }

        var parents = new HashSet<int> { _sshd.Id };
        List<LiveProcess> found = [];
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var process in LiveProcess.All().Where(one => !parents.Contains(one.Pid) && one.Arguments is [var name, ..] && name.StartsWith("sshd:", StringComparison.Ordinal)))
            {
                if (ParentOf(process.Pid) is { } parent && parents.Contains(parent))
                {
                    parents.Add(process.Pid);
                    found.Add(process);
                    grown = true;
                }
            }
        }

        return found;
    }

    private static int? ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
