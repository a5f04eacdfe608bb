using System.Runtime.InteropServices;
using System.Text;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>Follows one job to its end. The job does not depend on it: Ctrl-C detaches, a lost server is looked for again.</summary>
internal sealed class Follower(CliContext context, JobRef job)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private const int TailLines = 15;
    private const int TailBytes = 8 * 1024;

    private readonly FollowView _view = new(context.Terminal.Paint, context.Terminal.Zone);
    private readonly bool _isLive = context.Terminal.IsTerminal && !context.Json;
    private ApiClient? _api;

    internal async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var detached = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            detached.Cancel();
        });
        if (_isLive)
        {
            await context.Terminal.Out.WriteLineAsync(context.Terminal.Paint.Dim("Ctrl-C detaches; the job goes on."));
        }

        try
        {
            return await FollowAsync(detached.Token);
        }
        catch (OperationCanceledException) when (detached.IsCancellationRequested)
        {
            Overwrite("");
            await (context.Json ? context.Terminal.Error : context.Terminal.Out).WriteLineAsync($"detached; the job goes on. orchestrator show {job.Name}");
            return ExitCodes.Done;
        }
        finally
        {
            _api?.Dispose();
        }
    }

    private async Task<int> FollowAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var details = await LookAsync(cancellation);
            if (!context.Json)
            {
                foreach (var line in _view.News(details, withProgress: !_isLive))
                {
                    Overwrite("");
                    await context.Terminal.Out.WriteLineAsync(line);
                }
            }

            if (Words.IsEnded(details.State) || details.State == "paused")
            {
                Overwrite("");
                await EndAsync(details, cancellation);
                return ExitCodes.OfState(details.State);
            }

            if (_isLive)
            {
                Overwrite(_view.Progress(details, TimeProvider.System.GetUtcNow(), context.Terminal.Width));
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    /// <summary>The server may be killed and started anew beneath us; starting it is what any command would do.</summary>
    private async Task<JobDetails> LookAsync(CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                _api ??= await context.ConnectAsync(cancellation);
                return await _api.GetAsync<JobDetails>(ApiClient.Job(job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)), cancellation);
            }
            catch (CliException away) when (away.ExitCode == ExitCodes.Unreachable && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                _api?.Dispose();
                _api = null;
                await Task.Delay(Interval, cancellation);
            }
        }
    }

    private async Task EndAsync(JobDetails details, CancellationToken cancellation)
    {
        if (context.Json)
        {
            context.PrintJson(details);
            return;
        }

        if (details.State == "failed" && details.Attempts.Length > 0)
        {
            using var response = await _api!.OpenAsync(ApiClient.Job(details.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), $"/logs?offset=-{TailBytes}"), cancellation);
            var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellation));
            context.Print(text.Split('\n').SkipLast(text.EndsWith('\n') ? 1 : 0).TakeLast(TailLines).Select(line => "  │ " + Clean.LogLine(line, keepColours: false)));
        }

        context.Print(_view.End(details));
    }

    private void Overwrite(string line)
    {
        if (_isLive)
        {
            context.Terminal.Out.Write($"\r\e[K{line}");
            context.Terminal.Out.Flush();
        }
    }
}
