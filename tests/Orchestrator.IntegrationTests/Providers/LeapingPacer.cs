using Orchestrator.Providers;
using Orchestrator.Providers.Http;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Keeps to the lanes without waiting: where a call would have to, the clock of its emulator leaps.</summary>
internal sealed class LeapingPacer(LeapingClock clock) : IRequestPacer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Account, string Lane), DateTimeOffset> _free = [];

    public int Turns { get; private set; }

    public int Holds { get; private set; }

    public Task WaitAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan patience, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var waits = lanes.Select(lane => _free.GetValueOrDefault((account, lane.Name), now) - (lane.Every * (lane.Burst - 1)) - now).Append(TimeSpan.Zero).Max();
            if (waits > patience)
            {
                throw new ProviderException(ProviderErrorKind.RateLimited, $"the queue of {account} is {waits} long") { RetryAfter = waits, NothingSent = true };
            }

            // The whole distance, whatever has passed: on a busy machine a call arrives late, and the next one must not be too early for that.
            clock.Leap(lanes.Where(lane => lane.Burst == 1 && _free.ContainsKey((account, lane.Name))).Select(lane => lane.Every).Append(waits).Max());
            now = clock.GetUtcNow();
            foreach (var lane in lanes)
            {
                var free = _free.GetValueOrDefault((account, lane.Name), now);
                _free[(account, lane.Name)] = (free > now ? free : now) + lane.Every;
            }

            Turns++;
        }

        return Task.CompletedTask;
    }

    public Task HoldAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan wait, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Holds++;
            foreach (var lane in lanes)
            {
                _free[(account, lane.Name)] = clock.GetUtcNow() + wait + (lane.Every * (lane.Burst - 1));
            }
        }

        return Task.CompletedTask;
    }
}
