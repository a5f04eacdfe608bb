using Orchestrator.Agent.Transfers;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Stores a checkpoint; one that waits for a server gives way to another that can do without.</summary>
internal static class GivingWay
{
    private static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(1);

    /// <exception cref="ChangedException">It changed or vanished.</exception>
    /// <exception cref="StoreException">Refused for good; Alone = it has to wait until a server is there.</exception>
    public static async Task<CheckpointStored> StoreAsync(
        CheckpointUploader uploader, WaitingEntries waiting, string where, WaitingEntry next, bool copy, TimeProvider time, CancellationToken cancellation)
    {
        using var way = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var storing = uploader.StoreAsync(where, next.Snapshot, next.Step, copy, way.Token);
        while (!storing.IsCompleted && !way.IsCancellationRequested)
        {
            await Task.WhenAny(storing, Task.Delay(Rhythm, time, way.Token));
            foreach (var other in uploader.IsStuck ? waiting.Besides(next) : [])
            {
                if (!way.IsCancellationRequested && uploader.CanGoAhead(other.Snapshot))
                {
                    await way.CancelAsync();
                }
            }
        }

        try
        {
            return await storing;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StoreException(StoreFault.Alone, "it has more files, or a larger one, than can be stored while the server is away, and gives way to one that can");
        }
    }
}
