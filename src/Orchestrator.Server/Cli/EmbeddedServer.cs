using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Processes;
using Orchestrator.Server.Composition;

namespace Orchestrator.Server.Cli;

/// <summary>Finds the server of a data folder, or starts one that outlives this command.</summary>
internal static class EmbeddedServer
{
    /// <summary>A first start creates a database cluster, which takes a small machine half a minute.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(10);
    private const int TailLines = 12;
    private const int TailBytes = 8 * 1024;

    /// <summary>The record of a server whose process lives; null = none runs.</summary>
    internal static ServerRecord? Find(DataFolder folder) => ServerRecord.Read(folder) is { } record && record.Process.IsAlive() ? record : null;

    internal static async Task<ServerRecord> EnsureAsync(DataFolder folder, Terminal terminal, CancellationToken cancellation)
    {
        if (Find(folder) is { } running)
        {
            return running;
        }

        DataFolder.Create(folder.Root);
        if (terminal.IsTerminal)
        {
            await terminal.Error.WriteLineAsync($"starting a server in {folder.Root} ...");
        }

        var log = ServerLog.ConsolePathOf(folder);
        File.Delete(log);
        var process = DetachedProcess.Start(new() { Program = Self().Program, Arguments = [.. Self().Arguments, "serve", "--detached", "--data", folder.Root], LogFile = log });
        return await WaitAsync(folder, process, log, cancellation);
    }

    private static async Task<ServerRecord> WaitAsync(DataFolder folder, ProcessIdentity process, string log, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < StartLimit)
        {
            if (Find(folder) is { } record && await AnswersAsync(record, cancellation))
            {
                return record;
            }

            // Another command may have started one at the same moment; ours ends then, and theirs is as good.
            if (!process.IsAlive() && !IsStarting(folder) && Find(folder) is null)
            {
                throw new CliException(ExitCodes.Unreachable, "", lines: ["the server did not start:", .. Tail(log), $"log: {folder.Logs}"]);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }

        throw new CliException(ExitCodes.Unreachable, "", lines: [$"the server (pid {process.Pid}) does not answer after {StartLimit.TotalMinutes:0} minutes:", .. Tail(log), $"log: {folder.Logs}"]);
    }

    private static bool IsStarting(DataFolder folder)
    {
        using var held = FileLock.TryAcquire(ServerProgram.LockPathOf(folder));
        return held is null;
    }

    private static async Task<bool> AnswersAsync(ServerRecord record, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = HealthLimit };
        try
        {
            using var response = await http.GetAsync(new Uri(record.Url + "/healthz"), cancellation);
            // Unwell is running, and the verb's own request will say what is wrong.
            return true;
        }
        catch (Exception away) when (away is HttpRequestException || (away is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    private static IEnumerable<string> Tail(string log) =>
        PosixFiles.ReadTail(log, 0, TailBytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(TailLines).Select(line => "  " + line);

    /// <summary>How to run this program again: the executable, or the assembly under <c>dotnet</c>.</summary>
    private static (string Program, string[] Arguments) Self()
    {
        var host = Environment.ProcessPath ?? throw new CliException(ExitCodes.Unreachable, "cannot tell which program this is", "start one yourself: orchestrator serve");
        return Path.GetFileName(host) == "dotnet" ? (host, ["exec", typeof(EmbeddedServer).Assembly.Location]) : (host, []);
    }
}
