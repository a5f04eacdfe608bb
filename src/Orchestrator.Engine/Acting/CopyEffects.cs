using Orchestrator.Checkpoints;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Acting;

/// <summary>
/// Copies what a job begins from, beside the ticks; what is there by the time a server dies need not be copied again. As for other work on
/// a store, each result becomes a fact in the inbox.
/// </summary>
public sealed class CopyEffects(
    CheckpointCopier copier, JobStores stores, JobStore jobs, StartStore starts, TickQueue queue, StoreWork works, StoreClaims claims, TimeProvider time) : IDisposable
{
    /// <summary>One claim for both: what is being dropped is not copied beside that, on no server.</summary>
    private const string Piece = "copy";

    /// <summary>A batch that is retried has many, and checkpoints of what runs go before.</summary>
    private const int AtOnce = 2;

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _room = new(AtOnce, AtOnce);

    /// <returns>See <see cref="StoreWork.Begin"/>; so for the other.</returns>
    public Task? Copy(JobId job, JobState state, string specJson, CopyCheckpoint wanted) =>
        works.Begin($"job {job}: copy the checkpoint of {wanted.Copy.Words}", isUrgent: true, async stop =>
        {
            await _room.WaitAsync(stop);
            try
            {
                await ClaimedAsync(job, () => CopyAsync(job, state, specJson, wanted.Copy, stop), stop);
            }
            finally
            {
                _room.Release();
            }
        });

    public Task? Drop(JobId job, JobState state, string specJson, DropCopy wanted) =>
        works.Begin($"job {job}: delete what was copied of {wanted.Copy.Words}", isUrgent: true, stop => ClaimedAsync(job, () => DropAsync(state, specJson, wanted.Copy, stop), stop));

    public void Dispose() => _room.Dispose();

    private async Task ClaimedAsync(JobId job, Func<Task<InboxItem?>> work, CancellationToken cancellation)
    {
        await using (var claim = await claims.TryTakeAsync(job, Piece, cancellation))
        {
            if (claim is null)
            {
                // Another server's: should it come to nothing, the next tick owes this still.
                return;
            }

            if (await work() is { } fact)
            {
                await jobs.AddInboxAsync(job, fact, CancellationToken.None);
            }
        }

        queue.Now(job);
    }

    private async Task<InboxItem?> CopyAsync(JobId job, JobState state, string specJson, StartCopy copy, CancellationToken cancellation)
    {
        if (!await starts.WantsCopyAsync(job, cancellation))
        {
            // It was cancelled while this stood in line.
            return null;
        }

        var from = await jobs.LoadAsync(copy.Job, cancellation);
        using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var standing = new CopyStanding();
        var watch = WatchAsync(job, standing, unwanted);
        try
        {
            var whole = await copier.CopyAsync(
                from.State, stores.SpecOf(from.State, from.SpecJson), copy.Checkpoint, StorePlace.Parse(stores.SpecOf(state, specJson).Store ?? StoreSet.BuiltIn),
                JobFolders.OfCopy(state, copy), standing, unwanted.Token);
            return new CheckpointCopied(whole);
        }
        catch (CopyRefusedException refused)
        {
            return new CopyImpossible(refused.Message);
        }
        catch (StoreException away)
        {
            return new CopyStands(standing.Files, standing.Of, away.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await unwanted.CancelAsync();
            await watch;
        }
    }

    private async Task<InboxItem?> DropAsync(JobState state, string specJson, StartCopy copy, CancellationToken cancellation)
    {
        await copier.EraseAsync(StorePlace.Parse(stores.SpecOf(state, specJson).Store ?? StoreSet.BuiltIn), JobFolders.OfCopy(state, copy), cancellation);
        return new CopyErased();
    }

    /// <summary>Says how far it is, ever more seldom, and ends the copying of what nobody waits for any more, whichever server heard that.</summary>
    private async Task WatchAsync(JobId job, CopyStanding standing, CancellationTokenSource unwanted)
    {
        var (begun, said, files) = (time.GetTimestamp(), TimeSpan.Zero, -1);
        while (!unwanted.IsCancellationRequested)
        {
            await Task.Delay(_look, time, unwanted.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!await starts.WantsCopyAsync(job, unwanted.Token))
                {
                    await unwanted.CancelAsync();
                }
                else if (time.GetElapsedTime(begun) is var now && standing is { Of: > 0 } && standing.Files > files && now - said >= said / 8)
                {
                    (said, files) = (now, standing.Files);
                    await jobs.AddInboxAsync(job, new CopyStands(files, standing.Of, null), unwanted.Token);
                    queue.Now(job);
                }
            }
            catch (Exception failed) when (failed is Npgsql.NpgsqlException or OperationCanceledException)
            {
                // A database that is away is asked again, and the copying goes on: it costs nothing.
            }
        }
    }
}
