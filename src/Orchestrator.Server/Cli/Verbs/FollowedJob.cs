using System.Globalization;
using System.Text;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>What a verb needs that watches one job to its end: a server that is looked for again, one line that is written over, the last words of the log.</summary>
internal sealed class FollowedJob(CliContext context, JobRef job) : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private const int TailLines = 15;
    private const int TailBytes = 8 * 1024;

    private ApiClient? _api;

    /// <summary>Somebody looks, and lines may be written over.</summary>
    internal bool IsLive { get; } = context.Terminal.IsTerminal && !context.Json;

    internal string Id { get; } = job.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Until it is worth looking again.</summary>
    internal static Task WaitAsync(CancellationToken cancellation) => Task.Delay(_interval, cancellation);

    internal Task<JobDetails> LookAsync(CancellationToken cancellation) => AskAsync(api => api.GetAsync<JobDetails>(ApiClient.Job(Id), cancellation), cancellation);

    /// <summary>The server may be killed and started anew beneath us; starting it is what any command would do.</summary>
    internal async Task<T> AskAsync<T>(Func<ApiClient, Task<T>> ask, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                _api ??= await context.ConnectAsync(cancellation);
                return await ask(_api);
            }
            catch (CliException away) when (away.ExitCode == ExitCodes.Unreachable && TimeProvider.System.GetElapsedTime(began) < _patience)
            {
                _api?.Dispose();
                _api = null;
                await WaitAsync(cancellation);
            }
        }
    }

    /// <summary>After it was asked for something.</summary>
    internal async Task PrintLastLinesAsync(CancellationToken cancellation)
    {
        using var response = await _api!.OpenAsync(ApiClient.Job(Id, $"/logs?offset=-{TailBytes}"), cancellation);
        var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellation));
        context.Print(text.Split('\n').SkipLast(text.EndsWith('\n') ? 1 : 0).TakeLast(TailLines).Select(line => "  │ " + Clean.LogLine(line, keepColours: false)));
    }

    internal void Overwrite(string line)
    {
        if (IsLive)
        {
            context.Terminal.Out.Write($"\r\e[K{line}");
            context.Terminal.Out.Flush();
        }
    }

    public void Dispose() => _api?.Dispose();
}
