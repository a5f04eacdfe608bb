using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Processes;
using Orchestrator.Engine.Security;
using Orchestrator.Server.Cli;
using Serilog.Extensions.Logging;

namespace Orchestrator.Server.Composition;

/// <summary>The life of a <c>serve</c> process.</summary>
internal static class ServerProgram
{
    /// <summary>Held for as long as a server owns the data folder.</summary>
    internal static string LockPathOf(DataFolder folder) => Path.Combine(folder.Run, "serve.lock");

    internal static async Task<int> RunAsync(ServeOptions options, Terminal terminal, CancellationToken cancellation)
    {
        using var owned = options.Beside ? null : FileLock.TryAcquire(LockPathOf(options.Folder));
        if (owned is null && !options.Beside)
        {
            throw new CliException(ExitCodes.Usage, $"a server runs already on {options.Folder.Root}", "orchestrator server status says where; --beside starts a further one");
        }

        var log = ServerLog.Create(options);
        using var loggers = new SerilogLoggerFactory(log, dispose: true);
        var logger = loggers.CreateLogger("Orchestrator.Server");
        try
        {
            foreach (var note in options.Configuration.Notes)
            {
                logger.LogWarning("{Note}", note.Print(options.Configuration.Path ?? "orchestrator.yaml"));
            }

            var token = ApiToken.LoadOrCreate(options.Folder.TokenFile);
            var settled = options with { Port = PortFor(options) };
            await using var app = await EngineWiring.BuildAsync(settled, token, log, loggers, cancellation);
            return await ServeAsync(app, settled, terminal, logger, cancellation);
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            // Not ours to mend, and a person starts it again: a line, not a stack trace.
            logger.LogError("the server ends: {Error}", away.Message);
            logger.LogDebug(away, "details");
            throw new CliException(ExitCodes.Unreachable, $"the database does not answer as it should: {away.InnerException?.Message ?? away.Message}", "start the server again once it does");
        }
        catch (Exception error) when (error is not CliException and not OperationCanceledException)
        {
            logger.LogError("the server ends: {Error}", error.Message);
            logger.LogDebug(error, "details");
            throw;
        }
    }

    private static async Task<int> ServeAsync(WebApplication app, ServeOptions options, Terminal terminal, Microsoft.Extensions.Logging.ILogger logger, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException taken)
        {
            throw new CliException(ExitCodes.Usage, $"cannot listen on {options.Listen}:{options.Port}: {taken.Message}", "choose another with --port (0 takes a free one)");
        }

        var record = ServerRecord.OfThisProcess(ServerHost.UrlOf(app));
        if (!options.Beside)
        {
            await File.WriteAllTextAsync(PortFileOf(options.Folder), options.Port.ToString(CultureInfo.InvariantCulture), cancellation);
            record.Write(options.Folder);
        }

        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var kept = options.Beside ? Task.CompletedTask : KeepRecordAsync(record, options, stopped.Token);
        try
        {
            logger.LogInformation("Serving {Url} (pid {Pid}, version {Version}, data in {Folder})", record.Url, record.Pid, record.Version, options.Folder.Root);
            if (!options.Detached)
            {
                await terminal.Out.WriteLineAsync($"serving {record.Url}");
                await terminal.Out.FlushAsync(cancellation);
            }

            await app.WaitForShutdownAsync(cancellation);
            logger.LogInformation("Stopped");
        }
        finally
        {
            await stopped.CancelAsync();
            await kept.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!options.Beside)
            {
                record.Remove(options.Folder);
            }
        }

        return ExitCodes.Done;
    }

    /// <summary>Without its record nobody finds a running server, nor could stop it: one that somebody removed is written again.</summary>
    private static async Task KeepRecordAsync(ServerRecord record, ServeOptions options, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (!File.Exists(options.Folder.ServerFile))
            {
                record.Write(options.Folder);
            }
        }
    }

    /// <summary>
    /// Settles the port, since URLs are signed from it. The default one is a convenience, not a choice: a second installation
    /// takes a free one, and keeps it over restarts so that agents' URLs stay good.
    /// </summary>
    private static int PortFor(ServeOptions options)
    {
        if (!options.PortIsDefault)
        {
            return options.Port > 0 ? options.Port : Probe(options, 0)!.Value;
        }

        return Probe(options, LastPort(options.Folder)) ?? Probe(options, options.Port) ?? Probe(options, 0)!.Value;
    }

    private static int? Probe(ServeOptions options, int? port)
    {
        if (port is not { } wanted)
        {
            return null;
        }

        using var probe = new TcpListener(ServerHost.AddressOf(options.Listen), wanted);
        try
        {
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return null;
        }
    }

    private static string PortFileOf(DataFolder folder) => Path.Combine(folder.Run, "port");

    private static int? LastPort(DataFolder folder) =>
        File.Exists(PortFileOf(folder)) && int.TryParse(File.ReadAllText(PortFileOf(folder)), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;
}
