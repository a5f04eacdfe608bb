using System.Collections.Concurrent;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Hosts;

/// <summary>Wakes a channel of this process when a command was stored for it; one of another server finds it at its next look.</summary>
public sealed class ChannelSignals
{
    private readonly ConcurrentDictionary<(long Job, int Attempt), SemaphoreSlim> _waiting = new();

    public void Wake(JobId job, int attempt)
    {
        if (_waiting.TryGetValue((job.Value, attempt), out var signal) && signal.CurrentCount == 0)
        {
            signal.Release();
        }
    }

    /// <summary>Returns when woken or after <paramref name="atMost"/>.</summary>
    public Task WaitAsync(JobId job, int attempt, TimeSpan atMost, CancellationToken cancellation) =>
        _waiting.GetOrAdd((job.Value, attempt), static _ => new SemaphoreSlim(0)).WaitAsync(atMost, cancellation);

    public void Forget(JobId job, int attempt) => _waiting.TryRemove((job.Value, attempt), out _);
}
