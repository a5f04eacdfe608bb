using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
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
            await using var app = await EngineWiring.BuildAsync(settled, token, log, logger, cancellation);
            return await ServeAsync(app, settled, terminal, logger, cancellation);
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
            record.Write(options.Folder);
        }

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
            if (!options.Beside)
            {
                record.Remove(options.Folder);
            }
        }

        return ExitCodes.Done;
    }

    /// <summary>The default port is a convenience, not a choice: a second installation on this machine takes a free one.</summary>
    private static int PortFor(ServeOptions options)
    {
        if (!options.PortIsDefault)
        {
            return options.Port;
        }

        using var probe = new Socket(ServerHost.AddressOf(options.Listen).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(ServerHost.AddressOf(options.Listen), options.Port));
            return options.Port;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return 0;
        }
    }
}
