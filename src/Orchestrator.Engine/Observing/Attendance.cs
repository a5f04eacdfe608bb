using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Observing;

/// <summary>
/// This server's presence. Whoever observes asks here first: a server that comes back after hours has written its absence down
/// before anything is decided. What was read lately stays good, since no absence can have gone unnoticed since then.
/// </summary>
public sealed class Attendance(AttendanceStore store, TimeProvider time, EngineOptions options)
{
    private volatile Reading? _last;

    public async Task<ImmutableArray<UnattendedTime>> UnattendedAsync(CancellationToken cancellation)
    {
        if (_last is { } known && time.GetElapsedTime(known.At) < options.AttendEvery)
        {
            return known.Unattended;
        }

        // Before the calls: a machine that falls asleep in them must not believe the answer to be young.
        var at = time.GetTimestamp();
        await store.BeHereAsync(options.AttendEvery * 3, cancellation);
        var reading = new Reading(at, await store.UnattendedAsync(cancellation));
        _last = reading;
        return reading.Unattended;
    }

    private sealed record Reading(long At, ImmutableArray<UnattendedTime> Unattended);
}
