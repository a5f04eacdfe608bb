using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>The script that starts a rented container, with this machine's own sshd: its folders are led into one of the test's.</summary>
public sealed class StartScriptTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-start-").FullName;
    private readonly StartedSshd _sshd;
    private readonly int _apiPort = StartedSshd.FreePort();
    private readonly HttpListener _api = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private Process? _script;
    private Task? _served;

    public StartScriptTests()
    {
        _sshd = new(_folder);
        Directory.CreateDirectory(Path.GetDirectoryName(Lease)!);
        _api.Prefixes.Add($"http://127.0.0.1:{_apiPort}/");
    }

    public async Task InitializeAsync()
    {
        _api.Start();
        _served = ServeAsync();
        var arguments = _sshd.Arguments(new Uri($"http://127.0.0.1:{_apiPort}/instances/ID/"));
        arguments[^1] = "1";
        // As a container that was started anew finds it: of an agent that is gone.
        File.WriteAllText(Lease, "{}");
        File.SetLastWriteTimeUtc(Lease, DateTime.UtcNow.AddHours(-1));
        arguments[1] = arguments[1].Replace("/etc/orchestrator-sshd", $"{_folder}/etc", StringComparison.Ordinal).Replace("/var/lib/orchestrator", $"{_folder}/lib", StringComparison.Ordinal);
        _script = Process.Start(new ProcessStartInfo("sh", arguments)
        {
            RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["CONTAINER_ID"] = "4711", ["CONTAINER_API_KEY"] = "narrow-key" },
        })!;
        await Eventually.TrueAsync(
            () => _sshd.Listens() || (_script.HasExited ? throw new InvalidOperationException("the script ended: " + _script.StandardError.ReadToEnd()) : false), "sshd listens", TimeSpan.FromMinutes(3));
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
    public void It_shows_the_pinned_key_lets_our_key_in_and_no_other() => _sshd.CheckKeys();

    /// <summary>Nobody brings an agent that holds a lease: with its own key, which stands on no command line, it asks to be ended.</summary>
    [FactAsRoot]
    public async Task An_instance_that_nobody_comes_for_ends_itself()
    {
        await Eventually.TrueAsync(() => !_asked.IsEmpty, "the instance asks to be ended", TimeSpan.FromMinutes(1));

        Assert.Equal("DELETE /instances/4711/ Bearer narrow-key {}", _asked.First());
    }

    /// <summary>Four times as long as nobody came, here four seconds: whoever held the lease should have ended it by then.</summary>
    [FactAsRoot]
    public async Task One_whose_lease_is_renewed_goes_on_and_ends_itself_when_that_is_over()
    {
        var renewals = 0;
        await Eventually.TrueAsync(() => Renewed() && ++renewals > 50, "a lease is held", TimeSpan.FromMinutes(1));
        var before = _asked.Count;
        await Eventually.TrueAsync(() => Renewed() && ++renewals > 400, "it was renewed for a while", TimeSpan.FromMinutes(2));
        Assert.Equal(before, _asked.Count);

        await Eventually.TrueAsync(() => _asked.Count > before, "the instance asks to be ended", TimeSpan.FromMinutes(3));
    }

    private string Lease => $"{_folder}/lib/instance/agent/lease.json";

    private bool Renewed()
    {
        File.WriteAllText(Lease, "{}");
        return true;
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
}
