using System.Collections.Immutable;
using Orchestrator.Engine.Observing.Network;
using Orchestrator.Engine.Store;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Observing;

/// <summary>
/// This server's presence. Whoever observes asks here first: a server that comes back after hours has written its absence down
/// before anything is decided. What was read lately stays good, since no absence can have gone unnoticed since then. A server that
/// cannot write down what it hears (a full disk under the database) is not here either: its hosts would seem silent. Nor is one whose
/// own network is away.
/// </summary>
public sealed class Attendance(AttendanceStore store, OwnNetwork network, TimeProvider time, EngineOptions options)
{
    private static readonly TimeSpan _tryEvery = TimeSpan.FromSeconds(2);

    private volatile Reading? _last;
    private volatile bool _isDeaf;
    private long? _triedAt;

    /// <summary>What an agent said did not get into the database.</summary>
    public void CouldNotHear() => _isDeaf = true;

    public async Task<ImmutableArray<UnattendedTime>> UnattendedAsync(CancellationToken cancellation)
    {
        if (network.AwaySince is not null)
        {
            _last = null;
            return await store.UnattendedAsync(isAway: true, cancellation);
        }

        if (_isDeaf)
        {
            if (!await HearsAgainAsync(cancellation))
            {
                return await store.UnattendedAsync(isAway: true, cancellation);
            }
        }
        else if (_last is { } known && time.GetElapsedTime(known.At) < options.AttendEvery)
        {
            return known.Unattended;
        }

        // Before the calls: a machine that falls asleep in them must not believe the answer to be young.
        var at = time.GetTimestamp();
        await store.BeHereAsync(options.AttendEvery * 3, cancellation);
        var reading = new Reading(at, await store.UnattendedAsync(isAway: false, cancellation));
        _last = reading;
        return reading.Unattended;
    }

    private async Task<bool> HearsAgainAsync(CancellationToken cancellation)
    {
        if (_triedAt is { } tried && time.GetElapsedTime(tried) < _tryEvery)
        {
            return false;
        }

        _triedAt = time.GetTimestamp();
        // First, so that a failure that comes meanwhile counts.
        _isDeaf = false;
        if (await store.CanWriteAsync(cancellation))
        {
            return true;
        }

        _isDeaf = true;
        return false;
    }

    private sealed record Reading(long At, ImmutableArray<UnattendedTime> Unattended);
}
