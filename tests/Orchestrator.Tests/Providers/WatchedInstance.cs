using Microsoft.Extensions.Time.Testing;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Orchestrator.Tests.Spending;

namespace Orchestrator.Tests.Providers;

/// <summary>One rented instance, as a server that asks its lists every five seconds sees it.</summary>
internal sealed class WatchedInstance(FakeTimeProvider time, Func<Task<ListedInstance>> look)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset _createdAt = time.GetUtcNow();
    private readonly List<SparedSpan> _spared = [];

    /// <summary>From when on it is billed, as far as lists told; null = not yet.</summary>
    public DateTimeOffset? RunningAt { get; private set; }

    /// <param name="minutes">How long.</param>
    /// <param name="each">What befalls it, at the begin of each minute.</param>
    public async Task WatchAsync(int minutes, Action<int> each)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            each(minute);
            for (var end = time.GetUtcNow() + TimeSpan.FromMinutes(1); time.GetUtcNow() < end; time.Advance(_pause))
            {
                var listed = await look();
                RunningAt ??= listed.BilledFrom ?? (listed.Status == InstanceStatus.Running ? time.GetUtcNow() : null);
                _spared.Listed(time.GetUtcNow(), listed.Billed);
            }
        }
    }

    /// <summary>Its life, if it ends now.</summary>
    public InstanceLife Life => new(_createdAt, RunningAt, time.GetUtcNow()) { Spared = [.. _spared] };
}
