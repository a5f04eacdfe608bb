using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Orchestrator.Engine.Hosts;
using Orchestrator.Providers.Renting;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>What the start script is told, and what must hold of the sshd that it brings up on a port of this machine.</summary>
internal sealed class StartedSshd
{
    private readonly string _folder;
    private readonly ReachKeys _keys;
    private readonly DerivedKey _key;
    private readonly int _port = FreePort();

    /// <param name="folder">Takes the keys.</param>
    public StartedSshd(string folder)
    {
        _folder = folder;
        _keys = new ReachKeys(RandomNumberGenerator.GetBytes(32), folder);
        _key = _keys.HostKeyOf("orc-e1-1-1");
    }

    /// <summary>Of <c>sh</c>.</summary>
    /// <param name="end">Where a DELETE ends the instance.</param>
    public string[] Arguments(Uri end) => [.. StartScript.Arguments(_key, _keys.LoginKey, _port, end)];

    public bool Listens()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>It shows what was pinned, and lets in our key: no other, and no password.</summary>
    public void CheckKeys()
    {
        Assert.Contains(_key.Fingerprint, Run("sh", "-c", $"ssh-keyscan -t ecdsa -p {_port} 127.0.0.1 2>/dev/null | ssh-keygen -lf -"), StringComparison.Ordinal);
        Assert.Equal("in\n", Login(_keys.LoginKeyFile!));

        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{_folder}/stranger");
        Assert.Contains("Permission denied (publickey)", Login($"{_folder}/stranger"), StringComparison.Ordinal);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Login(string key) => Run(
        "ssh", "-p", $"{_port}", "-i", key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "root@127.0.0.1", "echo in");

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.Result;
    }
}
