using System.Globalization;
using Orchestrator.Engine.Configuration;
using Serilog;
using Serilog.Events;

namespace Orchestrator.Server.Composition;

/// <summary>The server's own log: a rolling file in the data folder and the console. Training logs never pass here.</summary>
internal static class ServerLog
{
    private const long LargestFile = 20_000_000;
    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";
    private const string ShortLine = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}";

    internal static string PathOf(DataFolder folder) => Path.Combine(folder.Logs, "server-.log");

    /// <summary>What a detached server writes to its console: start-up failures, mostly.</summary>
    internal static string ConsolePathOf(DataFolder folder) => Path.Combine(folder.Logs, "serve.out");

    internal static Serilog.Core.Logger Create(ServeOptions options) => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        // It warns that its keys lie unencrypted on disk: so does the token beside them, in a folder of their owner's only.
        .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
        .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
        .WriteTo.File(
            PathOf(options.Folder), outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture, rollingInterval: RollingInterval.Day,
            rollOnFileSizeLimit: true, fileSizeLimitBytes: LargestFile, retainedFileCountLimit: 10, shared: true)
        .WriteTo.Console(
            // The console of a detached server is a file nobody rolls.
            restrictedToMinimumLevel: options.Detached ? LogEventLevel.Error : LogEventLevel.Information,
            outputTemplate: ShortLine, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)
        .CreateLogger();
}
