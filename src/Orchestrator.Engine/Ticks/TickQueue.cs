using Hangfire;
using Microsoft.Extensions.Logging;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Ticks;

/// <summary>
/// Wakes ticks through Hangfire. Losing any of it costs latency only: <c>jobs.due_at</c> is the outbox, and the sweep enqueues
/// what is overdue.
/// </summary>
public sealed class TickQueue(IBackgroundJobClient hangfire, TimeProvider time, ILogger<TickQueue> log)
{
    /// <summary>Delays beyond this are left to the sweep, which finds them by <c>due_at</c>: no year-long rows in Hangfire.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<long, long> _enqueued = new();

    private readonly System.Collections.Concurrent.ConcurrentDictionary<long, long> _scheduled = new();

    public void Now(JobId job) => Try(job, () => hangfire.Enqueue<IJobTicks>(ticks => ticks.ReconcileTick(job.Value, CancellationToken.None)));

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
        else if (delay <= _longest && IsEarlier(job, delay))
        {
            Try(job, () => hangfire.Schedule<IJobTicks>(ticks => ticks.ReconcileTick(job.Value, CancellationToken.None), delay));
        }
    }

    /// <summary>One pending wake-up a job is enough when it comes first: else every event would add a chain that renews itself.</summary>
    private bool IsEarlier(JobId job, TimeSpan delay)
    {
        var now = time.GetTimestamp();
        var wanted = now + (long)(delay.TotalSeconds * time.TimestampFrequency);
        if (_scheduled.TryGetValue(job.Value, out var pending) && pending > now && pending <= wanted)
        {
            return false;
        }

        _scheduled[job.Value] = wanted;
        return true;
    }

    /// <summary>Forgets jobs that ended, so that the memory of a long-lived server does not grow.</summary>
    public void Forget(JobId job)
    {
        _enqueued.TryRemove(job.Value, out _);
        _scheduled.TryRemove(job.Value, out _);
    }

    /// <summary>What is due is committed already: a wake-up that fails must not fail the person or the tick that asked for it.</summary>
    private void Try(JobId job, Action enqueue)
    {
        try
        {
            enqueue();
        }
        catch (BackgroundJobClientException failure)
        {
            log.LogWarning("job {Job}: its wake-up is left to the sweep: {Words}", job, failure.InnerException?.Message ?? failure.Message);
        }
    }
}
