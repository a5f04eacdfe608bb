using Orchestrator.Providers.Http;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Lets every call through and counts them.</summary>
internal sealed class CountingPacer : IRequestPacer
{
    private int _waits;

    public int Waits => _waits;

    public Task WaitAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan patience, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waits);
        return Task.CompletedTask;
    }

    public Task HoldAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan wait, CancellationToken cancellation) => Task.CompletedTask;
}
