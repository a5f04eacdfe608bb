using System.Runtime.InteropServices;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli.Verbs;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Rehearsing;

/// <summary>Shows a rehearsal to its end. The server does it: a Ctrl-C asks it to stop, and a terminal that is closed changes nothing.</summary>
internal sealed class RehearsalPrinter(CliContext context, JobRef job) : IDisposable
{
    private readonly FollowView _view = new(context.Terminal.Paint, context.Terminal.Zone);
    private readonly HashSet<string> _said = [];
    private readonly FollowedJob _job = new(context, job);

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
            _job.Overwrite("");
            await context.Terminal.Error.WriteLineAsync($"not waited for; the server goes on ending it: orchestrator show {job.Id}");
            return ExitCodes.Interrupted;
        }
    }

    public void Dispose() => _job.Dispose();

    private async Task<int> FollowAsync(Func<bool> isInterrupted, CancellationToken cancellation)
    {
        var isStopping = false;
        while (true)
        {
            var rehearsal = await _job.AskAsync(api => api.GetAsync<RehearsalDetails>("rehearsals/" + _job.Id, cancellation), cancellation);
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

            if (_job.IsLive)
            {
                var details = await _job.LookAsync(cancellation);
                foreach (var line in _view.News(details, withProgress: false))
                {
                    _job.Overwrite("");
                    await context.Terminal.Out.WriteLineAsync(context.Terminal.Paint.Dim(line));
                }

                _job.Overwrite(_view.Progress(details, TimeProvider.System.GetUtcNow(), context.Terminal.Width));
            }

            await FollowedJob.WaitAsync(cancellation);
        }
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        _job.Overwrite("");
        await context.Terminal.Error.WriteLineAsync("the rehearsal is stopped; waiting until what it rented is gone (Ctrl-C again leaves that to the server)");
        try
        {
            await _job.AskAsync(api => api.PostAsync<CommandReply>(ApiClient.Job(_job.Id, "/cancel?now=true"), null, cancellation), cancellation);
        }
        catch (CliException ended) when (ended.ExitCode == ExitCodes.Policy)
        {
            // It ended at the same moment: there is nothing to stop.
        }
    }

    private async Task EndAsync(RehearsalDetails rehearsal, CancellationToken cancellation)
    {
        _job.Overwrite("");
        if (context.Json)
        {
            context.PrintJson(rehearsal);
            return;
        }

        if (rehearsal.Outcome is "trainer-failed")
        {
            await _job.PrintLastLinesAsync(cancellation);
        }

        context.Print(RehearsalView.End(rehearsal, context.Terminal.Paint));
        context.Print([context.Terminal.Paint.Dim($"its checkpoints and logs stay under its own name: orchestrator checkpoints {rehearsal.Job.Id} · logs {rehearsal.Job.Id}")]);
    }

    private async Task SayAsync(string? line)
    {
        if (line is not null && !context.Json && _said.Add(line))
        {
            _job.Overwrite("");
            foreach (var part in Prose.Lines("", line, Math.Max(40, context.Terminal.Width - 1)))
            {
                await context.Terminal.Out.WriteLineAsync(part);
            }
        }
    }
}
