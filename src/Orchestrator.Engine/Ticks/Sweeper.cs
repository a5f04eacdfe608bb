using System.Collections.Concurrent;
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
    SweepStore sweeps,
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

    private readonly ConcurrentDictionary<string, DateTimeOffset> _compared = new(StringComparer.Ordinal);
    private TimeSpan? _ageThen;
    private long _askedAt = time.GetTimestamp();

    /// <summary>Since the last sweep that any server completed, as far as this one knows; null = none yet.</summary>
    public TimeSpan? Age => _ageThen is { } age ? age + time.GetElapsedTime(_askedAt) : null;

    /// <summary>
    /// When the list that was compared last was asked for, of the provider where that is longest ago; null = this server has
    /// not compared every provider yet. A list that did not come does not count.
    /// </summary>
    public DateTimeOffset? ComparedAt => providers.All.Select(provider => _compared.TryGetValue(provider.Name, out var at) ? at : (DateTimeOffset?)null).ToList() is { Count: > 0 } times && times.All(at => at is not null)
        ? times.Min()
        : null;

    public async Task SweepAsync(CancellationToken cancellation)
    {
        // A database that was restored under a running server is noticed here: from then on nothing is launched or destroyed.
        await installation.CheckAsync(cancellation);
        if (!installation.IsRecovered)
        {
            // Outside the lock: a provider that hangs must not keep overdue jobs asleep.
            foreach (var job in await jobs.DueJobsAsync(500, cancellation))
            {
                queue.Soon(job);
            }
        }

        await CompareAllAsync(cancellation);
        _ageThen = await sweeps.AgeAsync(cancellation);
        _askedAt = time.GetTimestamp();
    }

    private async Task CompareAllAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var tryLock = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = LockKey } } })
        {
            if (await tryLock.ExecuteScalarAsync(cancellation) is not true)
            {
                // Another server compares now.
                return;
            }
        }

        var complete = true;
        foreach (var provider in installation.IsRecovered ? [] : providers.All)
        {
            try
            {
                await CompareAsync(provider, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // One provider, or one job that cannot be read, must not keep the others from being compared.
                complete = false;
                log.LogError(failure, "{Provider} could not be compared with the books", provider.Name);
            }
        }

        complete &= await TryAsync("upkeep", token => installation.IsRecovered ? Task.CompletedTask : upkeep.RunAsync(token), cancellation);
        complete &= await TryAsync("the search for forgotten instances", forgotten.SurveyAsync, cancellation);
        if (complete)
        {
            await sweeps.MarkAsync(cancellation);
        }
    }

    private async Task<bool> TryAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
            return true;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(failure, "{What} failed; the next sweep tries again", what);
            return false;
        }
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
        _compared[provider.Name] = listing.AskedAt;
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
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.EffectTimeout);
            await provider.DestroyAsync(instance.InstanceId, limit.Token);
        }
        catch (ProviderException gone) when (gone.Kind == ProviderErrorKind.NotFound)
        {
            log.LogInformation("{Provider} does not know {Instance} any more", provider.Name, instance.InstanceId);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            log.LogError("{Provider} did not answer in {Limit} s whether it destroys {Instance}; the next sweep tries again", provider.Name, options.EffectTimeout.TotalSeconds, instance.InstanceId);
            return;
        }
        catch (ProviderException refused)
        {
            log.LogError("{Provider} does not destroy the orphan {Instance} ({Kind}): {Words}; the next sweep tries again", provider.Name, instance.InstanceId, refused.Kind, refused.Message);
            return;
        }

        await alerts.ResolveAsync("orphan", instance.Label, cancellation);
    }
}
