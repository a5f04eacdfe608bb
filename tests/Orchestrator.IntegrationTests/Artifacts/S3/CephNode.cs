using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Orchestrator.Engine.Processes;
using Orchestrator.IntegrationTests.Agent.Portable;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>
/// A real S3 server: one Ceph monitor, one OSD that keeps its objects in memory and a gateway, on loopback, from a folder that
/// <c>scripts/lib/ceph-fetch.sh</c> has unpacked. It does not outlive the tests even when they are killed.
/// </summary>
public sealed class CephNode : IAsyncDisposable
{
    public const string KeyId = "testaccesskey";
    public const string Secret = "testsecretkey0123456789";

    // Waits for the tests' process to go, then ends what the pid files name and removes the folder.
    private const string Reaper = """
        while [ -d "/proc/$1" ]; do sleep 1; done
        for f in "$2"/*.pid; do pid=$(cat "$f" 2>/dev/null) && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "$2/" && kill -9 "$pid"; done
        sleep 1; rm -rf "$2"
        """;

    private readonly string _root;
    private readonly string _data;
    private readonly int _port = FreePort();
    private readonly int _tlsPort = FreePort();
    private readonly ProcessIdentity _reaper;

    private CephNode(string folder)
    {
        _root = Path.Combine(folder, "root");
        _data = Directory.CreateTempSubdirectory("orc-ceph-").FullName;
        _reaper = DetachedProcess.Start(new()
        {
            Program = "/bin/sh",
            Arguments = ["-c", Reaper, "sh", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), _data],
            LogFile = "/dev/null",
        });
    }

    public Uri Endpoint => new($"http://127.0.0.1:{_port}");

    /// <summary>With a certificate of a private authority, whose own certificate is in <see cref="AuthorityFile"/>.</summary>
    public Uri TlsEndpoint => new($"https://127.0.0.1:{_tlsPort}");

    public string AuthorityFile => Path.Combine(_data, "authority.pem");

    /// <param name="folder">With <c>root/usr/bin/radosgw</c> and what it needs.</param>
    public static async Task<CephNode> StartAsync(string folder)
    {
        var node = new CephNode(folder);
        try
        {
            await node.StartAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>The gateway's administration, as a person would call it.</summary>
    public Task AdminAsync(params string[] arguments) =>
        RunAsync("radosgw-admin", ["-c", Conf, "-n", "client.rgw", $"--log-file={_data}/log/admin.log", .. arguments]);

    public ValueTask DisposeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(_data, "*.pid"))
        {
            if (int.TryParse(File.ReadAllText(file), NumberStyles.Integer, CultureInfo.InvariantCulture, out var pid) && Names(pid, _data))
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
                process.WaitForExit(10_000);
            }
        }

        _reaper.TrySignal(9);
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }

    private string Conf => Path.Combine(_data, "ceph.conf");

    private async Task StartAsync()
    {
        foreach (var name in (string[])["mon", "osd", "log"])
        {
            Directory.CreateDirectory(Path.Combine(_data, name));
        }

        using (var authority = new TestAuthority("private CA of a store"))
        using (var certificate = authority.Issue())
        {
            await File.WriteAllTextAsync(AuthorityFile, authority.Pem);
            await File.WriteAllTextAsync(Path.Combine(_data, "server.pem"), certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(_data, "server.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }

        var cluster = Guid.NewGuid().ToString();
        var monitor = FreePort();
        await File.WriteAllTextAsync(Conf, CephConfiguration.Text(_data, Path.Combine(_root, "usr/lib/x86_64-linux-gnu"), cluster, monitor, _port, _tlsPort));
        var keyring = Path.Combine(_data, "keyring");
        var osdKeyring = Path.Combine(_data, "osd/keyring");
        var monKeyring = Path.Combine(_data, "mon.keyring");
        await RunAsync("ceph-authtool", ["--create-keyring", keyring, "--gen-key", "-n", "client.admin", "--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"]);
        await RunAsync("ceph-authtool", [keyring, "--gen-key", "-n", "client.rgw", "--cap", "mon", "allow rw", "--cap", "osd", "allow rwx", "--cap", "mgr", "allow rw"]);
        await RunAsync("ceph-authtool", ["--create-keyring", osdKeyring, "--gen-key", "-n", "osd.0", "--cap", "mon", "allow profile osd", "--cap", "osd", "allow *", "--cap", "mgr", "allow profile osd"]);
        await RunAsync("ceph-authtool", ["--create-keyring", monKeyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *"]);
        await RunAsync("ceph-authtool", [monKeyring, "--import-keyring", keyring]);
        await RunAsync("ceph-authtool", [monKeyring, "--import-keyring", osdKeyring]);
        await RunAsync("monmaptool", ["--create", "--fsid", cluster, "--addv", "a", $"[v2:127.0.0.1:{monitor}]", Path.Combine(_data, "monmap")]);
        await RunAsync("osdmaptool", ["-c", Conf, "--clobber", "--createsimple", "1", Path.Combine(_data, "osdmap")]);
        await RunAsync("ceph-mon", ["-c", Conf, "--mkfs", "-i", "a", "--monmap", Path.Combine(_data, "monmap"), "--osdmap", Path.Combine(_data, "osdmap"), "--keyring", monKeyring]);
        // They go into the background by themselves and leave pid files.
        await RunAsync("ceph-mon", ["-c", Conf, "-i", "a"]);
        await RunAsync("ceph-osd", ["-c", Conf, "-i", "0", "--mkfs", "--osd-uuid", Guid.NewGuid().ToString()]);
        await RunAsync("ceph-osd", ["-c", Conf, "-i", "0"]);
        await RunAsync("radosgw", ["-c", Conf, "-n", "client.rgw"]);
        await Support.Eventually.TrueAsync(Answers, "radosgw listens; see " + _data, TimeSpan.FromSeconds(120));
        await AdminAsync("user", "create", "--uid=test", "--display-name=test", $"--access-key={KeyId}", $"--secret-key={Secret}");
    }

    private bool Answers()
    {
        try
        {
            using var probe = new TcpClient();
            probe.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task RunAsync(string program, string[] arguments)
    {
        var libraries = Path.Combine(_root, "usr/lib/x86_64-linux-gnu");
        var log = Path.Combine(_data, "log", $"run-{program}");
        // The shell keeps our pipes from what goes into the background.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _data };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log,
            Path.Combine(_root, "lib64/ld-linux-x86-64.so.2"), "--library-path", $"{libraries}:{libraries}/ceph", Path.Combine(_root, "usr/bin", program), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await File.ReadAllTextAsync(log)}");
        }
    }

    private static bool Names(int pid, string folder)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
