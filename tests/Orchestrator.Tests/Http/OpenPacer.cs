using Orchestrator.Providers;
using Orchestrator.Providers.Http;

namespace Orchestrator.Tests.Http;

/// <summary>Lets everything through at once, and remembers in which lanes.</summary>
internal sealed class OpenPacer : IRequestPacer
{
    public List<string> Taken { get; } = [];

    public List<(string Account, string Lane, TimeSpan Time)> Held { get; } = [];

    public bool Refuses { get; set; }

    public Task WaitAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan patience, CancellationToken cancellation)
    {
        Taken.AddRange(lanes.Select(lane => lane.Name));
        return Refuses ? throw new ProviderException(ProviderErrorKind.RateLimited, "the queue is too long") : Task.CompletedTask;
    }

    public Task HoldAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan wait, CancellationToken cancellation)
    {
        Held.AddRange(lanes.Select(lane => (account, lane.Name, wait)));
        return Task.CompletedTask;
    }
}
