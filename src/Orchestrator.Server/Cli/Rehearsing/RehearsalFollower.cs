using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli.Verbs;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Rehearsing;

/// <summary>Shows a rehearsal to its end. The server does it: a Ctrl-C asks it to stop, and a terminal that is closed changes nothing.</summary>
internal sealed class RehearsalFollower(CliContext context, JobRef job)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private const int TailLines = 15;
    private const int TailBytes = 8 * 1024;

    private readonly FollowView _view = new(context.Terminal.Paint, context.Terminal.Zone);
    private readonly HashSet<string> _said = [];
    private readonly bool _isLive = context.Terminal.IsTerminal && !context.Json;
    private ApiClient? _api;

    internal async Task<int> RunAsync(CancellationToken cancellation)
    {
        var interrupts = 0;
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            if (Interlocked.Increment(ref interrupts) > 1)
            {
                left.Cancel();
            }
        });
        try
        {
            return await FollowAsync(() => Volatile.Read(ref interrupts) > 0, left.Token);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            Overwrite("");
            await context.Terminal.Error.WriteLineAsync($"not waited for; the server goes on ending it: orchestrator show {job.Id}");
            return ExitCodes.Interrupted;
        }
        finally
        {
            _api?.Dispose();
        }
    }

    private async Task<int> FollowAsync(Func<bool> isInterrupted, CancellationToken cancellation)
    {
        var isStopping = false;
        while (true)
        {
            var rehearsal = await AskAsync(api => api.GetAsync<RehearsalDetails>(Path(), cancellation), cancellation);
            await SayAsync(RehearsalView.Measured(rehearsal));
            await SayAsync(RehearsalView.WentOn(rehearsal));
            if (rehearsal is { Ended: true, Outcome: { } outcome })
            {
                await EndAsync(rehearsal, cancellation);
                return isStopping && outcome != "weekend-ready" ? ExitCodes.Interrupted : RehearsalExit.Of(outcome);
            }

            if (!isStopping && rehearsal.Outcome is null && isInterrupted())
            {
                isStopping = true;
                await StopAsync(cancellation);
            }

            if (_isLive)
            {
                var details = await AskAsync(api => api.GetAsync<JobDetails>(ApiClient.Job(Id()), cancellation), cancellation);
                foreach (var line in _view.News(details, withProgress: false))
                {
                    Overwrite("");
                    await context.Terminal.Out.WriteLineAsync(context.Terminal.Paint.Dim(line));
                }

                Overwrite(_view.Progress(details, TimeProvider.System.GetUtcNow(), context.Terminal.Width));
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        Overwrite("");
        await context.Terminal.Error.WriteLineAsync("the rehearsal is stopped; waiting until what it rented is gone (Ctrl-C again leaves that to the server)");
        try
        {
            await AskAsync(api => api.PostAsync<CommandReply>(ApiClient.Job(Id(), "/cancel?now=true"), null, cancellation), cancellation);
        }
        catch (CliException ended) when (ended.ExitCode == ExitCodes.Policy)
        {
            // It ended at the same moment: there is nothing to stop.
        }
    }

    /// <summary>The server may be killed and started anew beneath us; starting it is what any command would do.</summary>
    private async Task<T> AskAsync<T>(Func<ApiClient, Task<T>> ask, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                _api ??= await context.ConnectAsync(cancellation);
                return await ask(_api);
            }
            catch (CliException away) when (away.ExitCode == ExitCodes.Unreachable && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                _api?.Dispose();
                _api = null;
                await Task.Delay(Interval, cancellation);
            }
        }
    }

    private async Task EndAsync(RehearsalDetails rehearsal, CancellationToken cancellation)
    {
        Overwrite("");
        if (context.Json)
        {
            context.PrintJson(rehearsal);
            return;
        }

        if (rehearsal.Outcome is "trainer-failed")
        {
            using var response = await _api!.OpenAsync(ApiClient.Job(Id(), $"/logs?offset=-{TailBytes}"), cancellation);
            var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellation));
            context.Print(text.Split('\n').SkipLast(text.EndsWith('\n') ? 1 : 0).TakeLast(TailLines).Select(line => "  │ " + Clean.LogLine(line, keepColours: false)));
        }

        context.Print(RehearsalView.End(rehearsal, context.Terminal.Paint));
        context.Print([context.Terminal.Paint.Dim($"its checkpoints and logs stay under its own name: orchestrator checkpoints {rehearsal.Job.Id} · logs {rehearsal.Job.Id}")]);
    }

    private async Task SayAsync(string? line)
    {
        if (line is not null && !context.Json && _said.Add(line))
        {
            Overwrite("");
            foreach (var part in Prose.Lines("", line, Math.Max(40, context.Terminal.Width - 1)))
            {
                await context.Terminal.Out.WriteLineAsync(part);
            }
        }
    }

    private void Overwrite(string line)
    {
        if (_isLive)
        {
            context.Terminal.Out.Write($"\r\e[K{line}");
            context.Terminal.Out.Flush();
        }
    }

    private string Path() => "rehearsals/" + Id();

    private string Id() => job.Id.ToString(CultureInfo.InvariantCulture);
}
