using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestrator.Drills.Kit;

/// <summary>One <c>orchestrator serve</c>, to be killed, stopped and woken at will.</summary>
public sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Api api, string log)
    {
        _process = process;
        Api = api;
        Log = log;
    }

    public Api Api { get; }

    /// <summary>File with what it printed.</summary>
    public string Log { get; }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    public bool IsStopped => LiveProcess.Read(Pid) is { State: 'T' };

    /// <summary>Starts it and does not wait.</summary>
    public static ServerProcess Start(Products products, Site site, IReadOnlyDictionary<string, string> environment, bool beside = false)
    {
        ArgumentNullException.ThrowIfNull(products);
        ArgumentNullException.ThrowIfNull(site);
        var port = FreePort();
        var log = Path.Combine(site.Work, $"serve-{port}.log");
        // The shell becomes the server: the pid stays, and no pipe of ours is left in what it starts.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, "dotnet", products.Server, "serve",
            "--data", site.Data, "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. beside ? (string[])["--beside"] : []])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ORCHESTRATOR_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["ORCHESTRATOR_DATA"] = site.Data;
        start.Environment["ORCHESTRATOR_AGENT"] = products.Agent;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, new Api(new Uri($"http://127.0.0.1:{port}/"), Path.Combine(site.Data, "token")), log);
    }

    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task<ServerProcess> UntilHealthyAsync(TimeSpan? limit = null)
    {
        await Wait.UntilAsync(
            async () => HasExited ? throw new InvalidOperationException($"the server ended with {_process.ExitCode}:\n{Tail()}") : await Api.IsHealthyAsync(),
            "the server to be healthy",
            limit ?? TimeSpan.FromMinutes(4),
            TimeSpan.FromMilliseconds(100));
        return this;
    }

    public void Signal(int signal)
    {
        if (LiveProcess.Read(Pid) is { } alive && !HasExited)
        {
            Signals.Send(alive, signal);
        }
    }

    public async Task KillAsync()
    {
        Signal(Signals.Kill);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, and waits.</summary>
    public async Task<int> StopAsync(TimeSpan limit)
    {
        Signal(Signals.Terminate);
        using var patience = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public string Tail() => string.Join('\n', Lines().TakeLast(30));

    /// <summary>Lines of its log that name something.</summary>
    public string LinesWith(string word) => string.Join('\n', Lines().Where(line => line.Contains(word, StringComparison.Ordinal)));

    private string[] Lines() => File.Exists(Log) ? File.ReadAllLines(Log, Encoding.UTF8) : [];

    public void Dispose()
    {
        Signal(Signals.Continue);
        Signal(Signals.Kill);
        _process.WaitForExit();
        _process.Dispose();
        Api.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
