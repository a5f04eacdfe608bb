using System.Runtime.InteropServices;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>Follows one job to its end. The job does not depend on it: Ctrl-C detaches, a lost server is looked for again.</summary>
internal sealed class Follower(CliContext context, JobRef job) : IDisposable
{
    private readonly FollowView _view = new(context.Terminal.Paint, context.Terminal.Zone);
    private readonly FollowedJob _job = new(context, job);

    internal async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var detached = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            detached.Cancel();
        });
        if (_job.IsLive)
        {
            await context.Terminal.Out.WriteLineAsync(context.Terminal.Paint.Dim("Ctrl-C detaches; the job goes on."));
            if (context.ChosenServer is null)
            {
                await context.Terminal.Out.WriteLineAsync(context.Terminal.Paint.Dim(FollowView.WhileThisMachineSleeps));
            }
        }

        try
        {
            return await FollowAsync(detached.Token);
        }
        catch (OperationCanceledException) when (detached.IsCancellationRequested)
        {
            _job.Overwrite("");
            await (context.Json ? context.Terminal.Error : context.Terminal.Out).WriteLineAsync($"detached; the job goes on. orchestrator show {job.Name}");
            return ExitCodes.Done;
        }
    }

    public void Dispose() => _job.Dispose();

    private async Task<int> FollowAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var details = await _job.LookAsync(cancellation);
            if (!context.Json)
            {
                foreach (var line in _view.News(details, withProgress: !_job.IsLive))
                {
                    _job.Overwrite("");
                    await context.Terminal.Out.WriteLineAsync(line);
                }
            }

            if (Words.IsEnded(details.State) || details.State == "paused")
            {
                _job.Overwrite("");
                await EndAsync(details, cancellation);
                return ExitCodes.OfState(details.State);
            }

            if (_job.IsLive)
            {
                _job.Overwrite(_view.Progress(details, TimeProvider.System.GetUtcNow(), context.Terminal.Width));
            }

            await FollowedJob.WaitAsync(cancellation);
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
            await _job.PrintLastLinesAsync(cancellation);
        }

        context.Print(_view.End(details));
    }
}
