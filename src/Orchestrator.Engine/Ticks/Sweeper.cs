using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
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
/// and the watchdog both call it; a turn in the database lets one compare at a time over all servers. It runs out: a server
/// that froze in the middle must not keep the others from finding what leaks.
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
    ConfigurationSurvey configuration,
    Upkeep upkeep,
    PriceWatch prices,
    HostWatch hosts,
    MeterWatch meter,
    ChargeWatch charges,
    BudgetWatch budgets,
    WipeWatch wipes,
    DeadlineWatch deadlines,
    CheckpointWatch checkpoints,
    AccountWatch accounts,
    BalanceWatch balances,
    TickQueue queue,
    TimeProvider time,
    EngineOptions options,
    ILogger<Sweeper> log)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _compared = new(StringComparer.Ordinal);
    private long _sweeps;
    private SweepAges _agesThen = new(null, null);
    private long _askedAt = time.GetTimestamp();

    /// <summary>Since the last sweep that any server ran to its end, as far as this one knows; null = none yet.</summary>
    public TimeSpan? RanAge => _agesThen.Ran is { } age ? age + time.GetElapsedTime(_askedAt) : null;

    /// <summary>Since the last one that saw all there is to see.</summary>
    public TimeSpan? Age => _agesThen.Complete is { } age ? age + time.GetElapsedTime(_askedAt) : null;

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
        _agesThen = await sweeps.AgesAsync(cancellation);
        _askedAt = time.GetTimestamp();
    }

    /// <summary>A list and a destroy may each take the effect time-out; the turn is taken anew before each.</summary>
    private TimeSpan TurnLength => (options.EffectTimeout * 2) + options.LeaseMargin;

    private async Task CompareAllAsync(CancellationToken cancellation)
    {
        // Of this sweep alone: Hangfire's and the watchdog's may overlap in one server.
        var turn = $"{options.ServerId} {Interlocked.Increment(ref _sweeps)}";
        if (!await sweeps.TryTakeTurnAsync(turn, TurnLength, cancellation))
        {
            return;
        }

        try
        {
            await CompareInTurnAsync(turn, cancellation);
        }
        finally
        {
            await sweeps.EndTurnAsync(turn, CancellationToken.None);
        }
    }

    private async Task CompareInTurnAsync(string turn, CancellationToken cancellation)
    {
        var complete = true;
        foreach (var provider in installation.IsRecovered ? [] : providers.All)
        {
            try
            {
                if (!await sweeps.TryTakeTurnAsync(turn, TurnLength, cancellation))
                {
                    return;
                }

                complete &= await CompareAsync(turn, provider, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // One provider must not keep the others from being compared.
                complete = false;
                log.LogError(failure, "{Provider} could not be compared with the books", provider.Name);
            }
        }

        complete &= await TryAsync("upkeep", token => installation.IsRecovered ? Task.CompletedTask : upkeep.RunAsync(token), cancellation);
        complete &= await TryAsync("the search for forgotten instances", forgotten.SurveyAsync, cancellation);
        await sweeps.MarkAsync(complete, cancellation);

        // No part of a complete sweep: what fails here says nothing about leaks. The market last, since it may hang.
        await TryAsync("the look at hosts that never get ready", hosts.JudgeAsync, cancellation);
        await TryAsync("freezing what instances have cost", meter.FreezeAsync, cancellation);
        await TryAsync("the look at budgets", budgets.LookAsync, cancellation);
        await TryAsync("the look at hosts that were not wiped", wipes.LookAsync, cancellation);
        await TryAsync("the look at how old checkpoints are", token => installation.IsRecovered ? Task.CompletedTask : checkpoints.LookAsync(token), cancellation);
        await TryAsync("the look at accounts", accounts.LookAsync, cancellation);
        await TryAsync("the look at what the configuration lacks", configuration.SurveyAsync, cancellation);
        await TryAsync("the look at deadlines", token => installation.IsRecovered ? Task.CompletedTask : deadlines.LookAsync(token), cancellation);
        await TryAsync("the look at what providers charge", token => installation.IsRecovered ? Task.CompletedTask : charges.LookAsync(token), cancellation);
        await TryAsync("the look at balances", balances.LookAsync, cancellation);
        await TryAsync("the look at prices", token => installation.IsRecovered ? Task.CompletedTask : prices.LookAsync(token), cancellation);
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

    /// <returns>False when something of what the provider lists could not be judged.</returns>
    private async Task<bool> CompareAsync(string turn, IProvider provider, CancellationToken cancellation)
    {
        // The list first, the books after: an instance that is launched in between is on the books by then.
        var listed = await listings.GetAsync(provider.Name, TimeSpan.Zero, cancellation);
        await accounts.NoteAsync(provider, listed, cancellation);
        if (listed is not { } listing)
        {
            // What may leak there is seen by nobody.
            return false;
        }

        var complete = true;
        HashSet<string> suspects = new(StringComparer.Ordinal);
        foreach (var instance in listing.Instances)
        {
            try
            {
                if (LaunchToken.TryParse(instance.Label, out var epoch, out var job, out var number) && epoch == installation.Epoch
                    && !await IsOwnedAsync(job, number, instance, cancellation))
                {
                    suspects.Add(instance.InstanceId);
                    await JudgeAsync(turn, provider, listing, instance, cancellation);
                }
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // A job that cannot be read says nothing of its instance, and must not hide the orphans behind it in the list.
                suspects.Add(instance.InstanceId);
                complete = false;
                log.LogError(failure, "{Provider} {Instance} ({Label}) could not be compared with the books", provider.Name, instance.InstanceId, instance.Label);
            }
        }

        foreach (var label in await orphans.KeepOnlyAsync(provider.Name, suspects, cancellation))
        {
            await alerts.ResolveAsync(AlertKinds.Orphan, label, cancellation);
        }

        if (complete && listing.Seen.IsWhole)
        {
            await orphans.ComparedAsync(provider.Name, [.. listing.Instances.Select(instance => instance.InstanceId)], suspects, listing.AskedAt, cancellation);
        }

        if (complete)
        {
            _compared[provider.Name] = listing.AskedAt;
        }

        return complete;
    }

    private async Task<bool> IsOwnedAsync(JobId job, int number, ListedInstance instance, CancellationToken cancellation)
    {
        if (await FindAsync(job, number, instance.Label, cancellation) is not { } onBooks || !(onBooks.IsLive() || Sabotage.TrustDestroy))
        {
            // Its label stays that of its first owner when it passes from job to job.
            if (await jobs.HeirOfAsync(instance.Label, cancellation) is not var (heir, attempt))
            {
                return false;
            }

            // Should it pass on once more, or end, between the two questions: it was owned when the first was answered.
            (job, onBooks) = (heir, (await jobs.LoadAsync(heir, cancellation)).State.Attempts[attempt - 1]);
        }

        // The kernel owns it; a second instance under the same label is its to find and to destroy.
        if (onBooks.InstanceId is not null && onBooks.InstanceId != instance.InstanceId && onBooks.Extras.All(extra => extra.InstanceId != instance.InstanceId))
        {
            queue.Soon(job);
        }

        return true;
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
    private async Task JudgeAsync(string turn, IProvider provider, Listing listing, ListedInstance instance, CancellationToken cancellation)
    {
        var first = await orphans.SeenAsync(provider.Name, instance.InstanceId, instance.Label, listing.AskedAt, cancellation);
        if (listing.AskedAt - first < options.SweepEvery / 2)
        {
            return;
        }

        await orphans.JudgedAsync(provider.Name, instance, first, listing.AskedAt, cancellation);

        // As with every effect: a server that slept since it took its turn sends nothing.
        var taken = time.GetTimestamp();
        if (!await sweeps.TryTakeTurnAsync(turn, TurnLength, cancellation) || time.GetElapsedTime(taken) > TurnLength - options.EffectTimeout)
        {
            return;
        }

        log.LogWarning("{Provider} {Instance} carries our label {Label} but no live attempt owns it: destroying the orphan", provider.Name, instance.InstanceId, instance.Label);
        await alerts.RaiseAsync(AlertKinds.Orphan, instance.Label, $"{provider.Name} instance {instance.InstanceId} ({instance.Label}) was an orphan and is being destroyed", cancellation);
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
        }
        catch (ProviderException refused)
        {
            log.LogError("{Provider} does not destroy the orphan {Instance} ({Kind}): {Words}; the next sweep tries again", provider.Name, instance.InstanceId, refused.Kind, refused.Message);
        }

        // Its alert goes when a list lacks it: accepted is not gone.
    }
}
