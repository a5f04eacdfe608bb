using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Orchestrator.Engine.Hosts;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Providers.Renting;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>The script that starts a rented container, with this machine's own sshd: its folders are led into one of the test's.</summary>
public sealed class StartScriptTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-start-").FullName;
    private readonly ReachKeys _keys;
    private readonly DerivedKey _key;
    private readonly int _port = FreePort();
    private readonly int _apiPort = FreePort();
    private readonly HttpListener _api = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private Process? _script;
    private Task? _served;

    public StartScriptTests()
    {
        _keys = new ReachKeys(RandomNumberGenerator.GetBytes(32), _folder);
        _key = _keys.HostKeyOf("orc-e1-1-1");
        _api.Prefixes.Add($"http://127.0.0.1:{_apiPort}/");
    }

    public async Task InitializeAsync()
    {
        _api.Start();
        _served = ServeAsync();
        var arguments = StartScript.Arguments(_key, _keys.LoginKey, _port, new Uri($"http://127.0.0.1:{_apiPort}/instances/ID/")).ToArray();
        arguments[^1] = "0";
        arguments[1] = arguments[1].Replace("/etc/orchestrator-sshd", $"{_folder}/etc", StringComparison.Ordinal).Replace("/var/lib/orchestrator", $"{_folder}/lib", StringComparison.Ordinal);
        _script = Process.Start(new ProcessStartInfo("sh", arguments)
        {
            RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["CONTAINER_ID"] = "4711", ["CONTAINER_API_KEY"] = "narrow-key" },
        })!;
        await Eventually.TrueAsync(CanConnect, "sshd listens", TimeSpan.FromMinutes(3));
    }

    public async Task DisposeAsync()
    {
        _script?.Kill(entireProcessTree: true);
        _script?.Dispose();
        _api.Stop();
        await (_served ?? Task.CompletedTask);
        Directory.Delete(_folder, recursive: true);
    }

    [FactAsRoot]
    public void It_shows_the_pinned_key_lets_our_key_in_and_no_other()
    {
        // What sshd shows is what was pinned.
        Assert.Contains(_key.Fingerprint, Run("sh", "-c", $"ssh-keyscan -t ecdsa -p {_port} 127.0.0.1 2>/dev/null | ssh-keygen -lf -"), StringComparison.Ordinal);
        Assert.Equal("in\n", Login(_keys.LoginKeyFile!));

        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{_folder}/stranger");
        Assert.Equal("", Login($"{_folder}/stranger"));
    }

    /// <summary>Nobody brings an agent that holds a lease: with its own key, which stands on no command line, it asks to be ended.</summary>
    [FactAsRoot]
    public async Task An_instance_that_nobody_comes_for_ends_itself()
    {
        await Eventually.TrueAsync(() => !_asked.IsEmpty, "the instance asks to be ended", TimeSpan.FromMinutes(1));

        Assert.Equal("DELETE /instances/4711/ Bearer narrow-key {}", _asked.First());
    }

    private async Task ServeAsync()
    {
        while (_api.IsListening)
        {
            try
            {
                var call = await _api.GetContextAsync();
                using var body = new StreamReader(call.Request.InputStream);
                _asked.Enqueue($"{call.Request.HttpMethod} {call.Request.RawUrl} {call.Request.Headers["Authorization"]} {await body.ReadToEndAsync()}");
                call.Response.Close();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private string Login(string key) => Run(
        "ssh", "-p", $"{_port}", "-i", key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "root@127.0.0.1", "echo in");

    private bool CanConnect()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return _script!.HasExited ? throw new InvalidOperationException("the script ended: " + _script.StandardError.ReadToEnd()) : false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
