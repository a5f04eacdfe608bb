using Hangfire;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Ticks;

/// <summary>
/// Wakes ticks through Hangfire. Losing any of it costs latency only: <c>jobs.due_at</c> is the outbox, and the sweep enqueues
/// what is overdue.
/// </summary>
public sealed class TickQueue(IBackgroundJobClient hangfire, TimeProvider time)
{
    /// <summary>Delays beyond this are left to the sweep, which finds them by <c>due_at</c>: no year-long rows in Hangfire.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<long, long> _enqueued = new();

    public void Now(JobId job) => hangfire.Enqueue<IJobTicks>(ticks => ticks.ReconcileTick(job.Value, CancellationToken.None));

    /// <summary>As <see cref="Now"/>, but not again within a second: for repeated findings of the same thing.</summary>
    public void Soon(JobId job)
    {
        var now = time.GetTimestamp();
        var last = _enqueued.GetOrAdd(job.Value, long.MinValue);
        if (last == long.MinValue || time.GetElapsedTime(last, now) > TimeSpan.FromSeconds(1))
        {
            _enqueued[job.Value] = now;
            Now(job);
        }
    }

    /// <param name="job">The job.</param>
    /// <param name="delay">From now; zero or less = at once.</param>
    public void After(JobId job, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Now(job);
        }
        else if (delay <= _longest)
        {
            hangfire.Schedule<IJobTicks>(ticks => ticks.ReconcileTick(job.Value, CancellationToken.None), delay);
        }
    }

    /// <summary>Forgets jobs that ended, so that the memory of a long-lived server does not grow.</summary>
    public void Forget(JobId job) => _enqueued.TryRemove(job.Value, out _);
}
