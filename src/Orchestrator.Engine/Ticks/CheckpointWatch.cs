using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Ticks;

/// <summary>Tells a person, once for each gap, that a training has stored no checkpoint for too long (<c>checkpoints.max-age-alert</c>).</summary>
public sealed class CheckpointWatch(TrainingJobs jobs, AlertStore alerts, TimeProvider time, ILogger<CheckpointWatch> log)
{
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(1);

    private long? _lookedAt;

    public async Task LookAsync(CancellationToken cancellation)
    {
        if (_lookedAt is { } at && time.GetElapsedTime(at) < _every)
        {
            return;
        }

        var began = time.GetTimestamp();
        var (stale, unknown) = (new List<Concern>(), new List<string>());
        foreach (var job in await jobs.ListAsync(cancellation))
        {
            if (job is not { State: { } state, Checkpoints: { } checkpoints, IsHeard: true })
            {
                // What an agent that is not heard has stored meanwhile, it will tell: until then a gap that was told stays told.
                unknown.Add(job.Id.ToString());
            }
            else if (StaleCheckpoint.Of(state, checkpoints, job.Stored, job.Now) is { } text)
            {
                stale.Add(new(AlertKinds.CheckpointAge, job.Id.ToString(), text));
            }
        }

        foreach (var told in await alerts.SettleAsync(AlertKinds.CheckpointAge, stale, unknown, cancellation))
        {
            log.LogWarning("{Alert}", told.Text);
        }

        _lookedAt = began;
    }
}
