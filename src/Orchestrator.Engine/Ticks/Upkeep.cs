using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Ticks;

/// <summary>What the sweep does so that years of jobs leave no rubbish: in the store, and in the database.</summary>
public sealed class Upkeep(UpkeepStore rows, PriceStore prices, JobStore jobs, JobStores stores, SecretsRotation rotation, TimeProvider time, EngineOptions options, ILogger<Upkeep> log)
{
    /// <summary>Attempts whose uploads one sweep ends.</summary>
    private const int Batch = 50;
    private static readonly TimeSpan _pruneEvery = TimeSpan.FromMinutes(10);

    private long? _prunedAt;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await AbortUploadsAsync(cancellation);
        await FinishRotationAsync(cancellation);
        if (_prunedAt is { } at && time.GetElapsedTime(at) < _pruneEvery)
        {
            return;
        }

        var history = await rows.PruneHistoryAsync(options.HistoryAge, cancellation);
        var pieces = await rows.PruneLogsAsync(options.MaxLogBytes, cancellation);
        var now = await jobs.NowAsync(cancellation);
        var hours = await prices.PruneAsync(now - options.HourlyPrices, now - options.DailyPrices, cancellation);
        if (history + pieces + hours > 0)
        {
            // A full batch leaves more for the next sweep: the interval counts from an empty one.
            log.LogInformation("upkeep: {History} old records and {Pieces} pieces of long logs dropped, {Hours} old prices put together", history, pieces, hours);
            return;
        }

        _prunedAt = time.GetTimestamp();
    }

    /// <summary>A server that was killed while it rotated the secrets key leaves two.</summary>
    private async Task FinishRotationAsync(CancellationToken cancellation)
    {
        try
        {
            await rotation.FinishAsync(cancellation);
        }
        catch (Exception refused) when (refused is SecretsKeyException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            log.LogWarning("the rotation of the secrets key is not over, both keys are kept: {Words}", refused.Message);
        }
    }

    /// <summary>Parts of an unfinished upload cost as much as objects and are in no list.</summary>
    private async Task AbortUploadsAsync(CancellationToken cancellation)
    {
        foreach (var (job, attempt) in await rows.EndedUploadsAsync(Batch, cancellation))
        {
            try
            {
                var snapshot = await jobs.LoadAsync(job, cancellation);
                await stores.Of(snapshot).AbortAllMultipartAsync(JobFolders.OfAttempt(snapshot.State, attempt), cancellation);
                await rows.UploadsAbortedAsync(job, attempt, cancellation);
            }
            catch (StoreException refused)
            {
                log.LogWarning("job {Job} attempt {Attempt}: its unfinished uploads wait, the store said: {Words}", job, attempt, refused.Message);
            }
        }
    }
}
