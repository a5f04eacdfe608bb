using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Drills.Kit;

/// <summary>
/// An sshd of its own on a loopback address of its own, with its own host key and one user key, below one folder. It can be cut off,
/// its connections frozen, and its host key exchanged. Disposing it ends the daemon and what it serves, not what was started through it.
/// </summary>
public sealed class Sshd : IDisposable
{
    private static int _addresses = 20;
    private Process? _daemon;

    public Sshd(string folder)
    {
        Folder = folder;
        Ip = "127.0.0." + Interlocked.Increment(ref _addresses).ToString(CultureInfo.InvariantCulture);
        Port = FreePort(Ip);
    }

    /// <summary>The installed daemon; null = none.</summary>
    public static string? Program { get; } = new[] { "/usr/sbin/sshd", "/usr/local/sbin/sshd" }.FirstOrDefault(File.Exists);

    public string Folder { get; }

    public string Ip { get; }

    public int Port { get; }

    /// <summary>Of what runs there, each as <c> NAME=VALUE</c> with a blank before it.</summary>
    public string Variables { get; init; } = "";

    public string KeyFile => Path.Combine(Folder, "user");

    /// <summary>As ssh-keygen prints it.</summary>
    public async Task<string> FingerprintAsync() => (await RunAsync("ssh-keygen", "-lf", Path.Combine(Folder, "host.pub"))).Split(' ')[1];

    /// <summary>With new keys.</summary>
    public async Task SetUpAsync()
    {
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KeyFile);
        File.Copy(KeyFile + ".pub", Path.Combine(Folder, "authorized"));
        await NewHostKeyAsync();
        await StartAsync();
    }

    /// <summary>As after an installation from scratch.</summary>
    public async Task NewHostKeyAsync()
    {
        File.Delete(Path.Combine(Folder, "host"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(Folder, "host"));
        // With that level a Bash reads no ~/.bashrc: what people set up there for their own shells took a fifth of a second of each command.
        await File.WriteAllTextAsync(Path.Combine(Folder, "sshd.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            Port {Port}
            ListenAddress {Ip}
            HostKey {Folder}/host
            AuthorizedKeysFile {Folder}/authorized
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            AllowTcpForwarding yes
            LogLevel ERROR
            SetEnv SHLVL=1{Variables}

            """));
    }

    public async Task StartAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd");
        }

        var start = new ProcessStartInfo(Program!, ["-D", "-E", Path.Combine(Folder, "sshd.log"), "-f", Path.Combine(Folder, "sshd.conf")]);
        // Trainers inherit it: what runs on the machine has nothing of our own environment.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ORCHESTRATOR_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        _daemon = Process.Start(start)!;
        await Wait.UntilAsync(AnswersAsync, "sshd to listen: " + Log(), TimeSpan.FromMinutes(1));
    }

    /// <summary>The network card is dead: connections end, what runs goes on.</summary>
    public void Cut()
    {
        foreach (var process in Connections().Append(_daemon is { HasExited: false } ? LiveProcess.Read(_daemon.Id) : null).OfType<LiveProcess>())
        {
            Signals.Send(process, Signals.Continue);
            Signals.Send(process, Signals.Kill);
        }

        _daemon?.WaitForExit();
    }

    /// <summary>The connections of the moment stop moving, without a word to the other side; new ones are accepted.</summary>
    public void FreezeConnections()
    {
        foreach (var process in Connections())
        {
            Signals.Send(process, Signals.Stop);
        }
    }

    public void Dispose()
    {
        Cut();
        _daemon?.Dispose();
    }

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }

    public static int FreePort(string ip)
    {
        using var probe = new TcpListener(IPAddress.Parse(ip), 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private string Log() => File.Exists(Path.Combine(Folder, "sshd.log")) ? File.ReadAllText(Path.Combine(Folder, "sshd.log")) : "";

    private async Task<bool> AnswersAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(Ip), Port);
            return true;
        }
        catch (SocketException)
        {
            return _daemon!.HasExited ? throw new InvalidOperationException($"sshd ended with {_daemon.ExitCode}: {Log()}") : false;
        }
    }

    /// <summary>The sshd processes of connections: children of the one that listens.</summary>
    private List<LiveProcess> Connections()
    {
        if (_daemon is null)
        {
            return [];
        }

        var parents = new HashSet<int> { _daemon.Id };
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
