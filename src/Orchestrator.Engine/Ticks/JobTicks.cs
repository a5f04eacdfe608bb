using Hangfire;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Ticks;

/// <summary>What Hangfire calls. Hangfire's own retry is off: the next tick is the retry.</summary>
[AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class JobTicks(Ticker ticker, Sweeper sweeper) : IJobTicks
{
    public Task ReconcileTick(long jobId, CancellationToken cancellation) => ticker.TickAsync(new JobId(jobId), cancellation);

    public Task Sweep(CancellationToken cancellation) => sweeper.SweepAsync(cancellation);
}
