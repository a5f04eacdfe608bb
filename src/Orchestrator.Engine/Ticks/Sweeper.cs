using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Ticks;

/// <summary>
/// The repair pass: overdue jobs are woken, and what the providers list is compared with the books. Hangfire's recurring job
/// and the watchdog both call it; an advisory lock lets one run at a time over all servers.
/// </summary>
public sealed class Sweeper(
    JobStore jobs,
    OrphanStore orphans,
    AlertStore alerts,
    ProviderSet providers,
    ListingCache listings,
    Installation installation,
    ForgottenInstances forgotten,
    Upkeep upkeep,
    TickQueue queue,
    NpgsqlDataSource database,
    TimeProvider time,
    EngineOptions options,
    ILogger<Sweeper> log)
{
    /// <summary>Key of the advisory lock: any number nobody else uses in this database.</summary>
    private const long LockKey = 0x6F72635F73776570;

    private long? _sweptAt;

    /// <summary>Since the last completed sweep of this process; null = none yet.</summary>
    public TimeSpan? Age => _sweptAt is { } at ? time.GetElapsedTime(at) : null;

    public async Task SweepAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var tryLock = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = LockKey } } })
        {
            if (await tryLock.ExecuteScalarAsync(cancellation) is not true)
            {
                // Another server sweeps now: that is as good.
                _sweptAt = time.GetTimestamp();
                return;
            }
        }

        if (!installation.IsRecovered)
        {
            foreach (var job in await jobs.DueJobsAsync(500, cancellation))
            {
                queue.Soon(job);
            }

            foreach (var provider in providers.All)
            {
                await CompareAsync(provider, cancellation);
            }

            await upkeep.RunAsync(cancellation);
        }

        await forgotten.SurveyAsync(cancellation);
        _sweptAt = time.GetTimestamp();
    }

    private async Task CompareAsync(IProvider provider, CancellationToken cancellation)
    {
        // The list first, the books after: an instance that is launched in between is on the books by then.
        if (await listings.GetAsync(provider.Name, TimeSpan.Zero, cancellation) is not { } listing)
        {
            return;
        }

        HashSet<string> suspects = new(StringComparer.Ordinal);
        foreach (var instance in listing.Instances)
        {
            if (!LaunchToken.TryParse(instance.Label, out var epoch, out var job, out var number) || epoch != installation.Epoch)
            {
                continue;
            }

            var attempt = await FindAsync(job, number, instance.Label, cancellation);
            if (attempt is { } onBooks && onBooks.IsLive())
            {
                // The kernel owns it; a second instance under the same label is its to find and to destroy.
                if (onBooks.InstanceId is not null && onBooks.InstanceId != instance.InstanceId && onBooks.Extras.All(extra => extra.InstanceId != instance.InstanceId))
                {
                    queue.Soon(job);
                }

                continue;
            }

            suspects.Add(instance.InstanceId);
            await JudgeAsync(provider, listing, instance, cancellation);
        }

        await orphans.KeepOnlyAsync(provider.Name, suspects, cancellation);
    }

    private async Task<Attempt?> FindAsync(JobId job, int number, string label, CancellationToken cancellation)
    {
        try
        {
            return (await jobs.LoadAsync(job, cancellation)).State.Attempts.FirstOrDefault(attempt => attempt.Number == number && attempt.Label == label);
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Two sightings, in two listings, make an orphan.</summary>
    private async Task JudgeAsync(IProvider provider, Listing listing, ListedInstance instance, CancellationToken cancellation)
    {
        var first = await orphans.SeenAsync(provider.Name, instance.InstanceId, instance.Label, listing.AskedAt, cancellation);
        if (listing.AskedAt - first < options.SweepEvery / 2)
        {
            return;
        }

        log.LogWarning("{Provider} {Instance} carries our label {Label} but no live attempt owns it: destroying the orphan", provider.Name, instance.InstanceId, instance.Label);
        await alerts.RaiseAsync("orphan", instance.Label, $"{provider.Name} instance {instance.InstanceId} ({instance.Label}) was an orphan and is being destroyed", cancellation);
        try
        {
            await provider.DestroyAsync(instance.InstanceId, cancellation);
        }
        catch (ProviderException gone) when (gone.Kind == ProviderErrorKind.NotFound)
        {
            await alerts.ResolveAsync("orphan", instance.Label, cancellation);
        }
        catch (ProviderException refused)
        {
            log.LogError("{Provider} does not destroy the orphan {Instance} ({Kind}): {Words}; the next sweep tries again", provider.Name, instance.InstanceId, refused.Kind, refused.Message);
        }
    }
}
