using Orchestrator.Providers;
using Orchestrator.Providers.Http;

namespace Orchestrator.Engine.Http;

/// <summary>Keeps to request limits in one process, where there is no database to share them through.</summary>
/// <param name="time">For waiting.</param>
public sealed class LonePacer(TimeProvider time) : IRequestPacer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Account, string Lane), DateTimeOffset> _taken = [];

    public Task WaitAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        var now = time.GetUtcNow();
        var wait = TimeSpan.Zero;
        lock (_gate)
        {
            foreach (var lane in lanes)
            {
                var until = Later(_taken.GetValueOrDefault((account, lane.Name)), now) + lane.Every;
                _taken[(account, lane.Name)] = until;
                var place = until - now - (lane.Every * lane.Burst);
                wait = place > wait ? place : wait;
            }
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellation) : Task.CompletedTask;
    }

    public Task HoldAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan wait, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        lock (_gate)
        {
            foreach (var lane in lanes)
            {
                _taken[(account, lane.Name)] = Later(_taken.GetValueOrDefault((account, lane.Name)), time.GetUtcNow() + wait + (lane.Every * (lane.Burst - 1)));
            }
        }

        return Task.CompletedTask;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
