using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Tries the configured stores: all that is asked of them when the server starts, once a day and when a person asks; and every
/// minute whether they still answer. A store that refuses is an alert, never anybody's end.
/// </summary>
public sealed class StoreProber(StoreSet stores, Func<S3Settings, S3Store> open, StoreRecords records, AlertStore alerts, TimeProvider time, ILogger<StoreProber> log) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _anew = TimeSpan.FromDays(1);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, long> _probedAt = new(StringComparer.Ordinal);

    /// <summary>Tries one store now, and keeps what was found. Never throws for what the store did.</summary>
    public async Task<StoreProbeResult> ProbeAsync(NamedStore named, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(named);
        var result = await TryAsync(named, cancellation);
        if (named.Store is S3Store s3 && result.Traits is { } traits && result.Works)
        {
            s3.Traits = traits;
        }

        await records.WriteAsync(named.Name, named.What, result, cancellation);
        await TellAsync(named, result, cancellation);
        return result;
    }

    /// <summary>Tries a store, configured or not yet, and remembers nothing.</summary>
    public Task<StoreProbeResult> TryAsync(NamedStore named, CancellationToken cancellation) => BoundedAsync(named, async limit =>
    {
        if (named.Store is not S3Store s3)
        {
            return await new StoreProbe(time).RunAsync(named.Store, named.Prefix, limit);
        }

        // One of its own: while it is tried, others go on with what is known.
        using var trial = open(s3.Settings);
        return await new StoreProbe(time).RunAsync(trial, named.Prefix, limit);
    }, cancellation);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // What was found last time counts until it is tried again: the first URLs are signed in a moment.
        foreach (var record in await records.ListAsync(cancellationToken))
        {
            if (stores.All.FirstOrDefault(named => named.Name == record.Name && named.What == record.Settings)?.Store is S3Store s3 && record.Result is { Works: true, Traits: { } traits })
            {
                s3.Traits = traits;
            }
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_every, time);
        do
        {
            await ForgetAsync(stoppingToken);
            await Task.WhenAll(stores.All.Select(named => LookAsync(named, stoppingToken)));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(NamedStore named, CancellationToken cancellation)
    {
        try
        {
            // What a folder can do is known; whether it is there is not.
            if (named.Store is S3Store && !ProbedLately(named.Name))
            {
                var result = await ProbeAsync(named, cancellation);
                if (result.Works)
                {
                    lock (_probedAt)
                    {
                        _probedAt[named.Name] = time.GetTimestamp();
                    }
                }

                return;
            }

            await TellAsync(named, await BoundedAsync(named, async limit =>
            {
                await (named.Store is S3Store s3 ? s3.ReachAsync(limit) : named.Store.HeadAsync(named.Prefix + "reach", limit));
                return new StoreProbeResult();
            }, cancellation), cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("store {Store} could not be looked at: {Words}", named.Name, failure.Message);
        }
    }

    /// <summary>What was said of a store that is not configured any more; that a job misses it is somebody else's to say.</summary>
    private async Task ForgetAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var alert in (await alerts.ListAsync(resolved: false, cancellation)).Where(alert => alert.Kind == AlertKinds.Store && !stores.Has(alert.Subject)))
            {
                await alerts.ResolveAsync(AlertKinds.Store, alert.Subject, cancellation);
            }
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("old alerts of stores could not be looked at: {Words}", failure.Message);
        }
    }

    private bool ProbedLately(string name)
    {
        lock (_probedAt)
        {
            return _probedAt.TryGetValue(name, out var at) && time.GetElapsedTime(at) < _anew;
        }
    }

    private static async Task<StoreProbeResult> BoundedAsync(NamedStore named, Func<CancellationToken, Task<StoreProbeResult>> look, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_longest);
        try
        {
            return await look(limit.Token);
        }
        catch (StoreException refused)
        {
            return new() { Problem = refused.Message, Kind = refused.Kind };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new() { Problem = $"store {named.Name}: {named.What} did not answer in {_longest.TotalSeconds} s", Kind = StoreErrorKind.Transient };
        }
    }

    private async Task TellAsync(NamedStore named, StoreProbeResult result, CancellationToken cancellation)
    {
        if (result.Problem is not { } problem)
        {
            await alerts.ResolveAsync(AlertKinds.Store, named.Name, cancellation);
            return;
        }

        if (await alerts.RaiseAsync(AlertKinds.Store, named.Name, $"{problem}. Jobs that keep checkpoints there train on and wait with them", cancellation))
        {
            log.LogWarning("{Problem}", problem);
        }
    }
}
