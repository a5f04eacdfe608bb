using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Attempts;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>
/// Has a rented host fetch a few megabytes of noise from the job's store, and send them back, before any data moves: one that cannot reach
/// it, or gets next to nothing, would be paid for while it stages for ever, and one that gets nothing out would train and never save. A
/// folder of ours comes to hosts through our own connection and is not tried.
/// </summary>
public sealed class StoreReach(JobStores stores, IMachineShell shell, TimeProvider time, ILogger<StoreReach> log)
{
    /// <summary>Large enough to outlast the connection's beginning, small enough to cost nothing: $0.0004 where a gigabyte costs nine cents.</summary>
    public const int Bytes = 4 << 20;

    /// <summary>Below the store's own prefix; one for each place where jobs keep their objects.</summary>
    public const string Key = "probe/noise-4-MiB";

    /// <summary>What hosts send, one over the other: nobody reads it.</summary>
    public const string SentKey = "probe/sent-4-MiB";

    /// <summary>What does not come within this is not worth waiting for: 140 kB/s.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>What a job has to fetch should come within this.</summary>
    internal static readonly TimeSpan Staging = TimeSpan.FromDays(1);

    /// <summary>A checkpoint should have gone within this.</summary>
    internal static readonly TimeSpan Saving = TimeSpan.FromHours(1);

    /// <summary>
    /// No more is asked of one connection, whatever there is to move: far from the store it begins slowly, and agents use several.
    /// </summary>
    private const long MostAsked = 1 << 20;

    private static readonly TimeSpan _urlLife = TimeSpan.FromMinutes(5);

    /// <returns>What was seen, in words; empty where there was nothing to try.</returns>
    /// <exception cref="HostRefusedException">It gets nothing, or too little, of a store that serves us.</exception>
    /// <exception cref="ProviderException">It does not answer.</exception>
    public async Task<string> RequireAsync(SshEndpoint there, string folder, JobSnapshot snapshot, OfferTaken offer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(there);
        ArgumentNullException.ThrowIfNull(offer);
        Mount root;
        try
        {
            root = stores.RootOf(snapshot);
        }
        catch (StoreException gone)
        {
            // The job waits for it, there as anywhere.
            return gone.Message;
        }

        // What a checkpoint will be is a guess before the first one, and no reason to refuse anybody.
        var saved = snapshot.State.NewestCheckpoint?.Bytes ?? 0;
        return await RequireAsync(there, folder, root, offer.DataBytes + saved, saved, cancellation);
    }

    /// <param name="there">The host.</param>
    /// <param name="folder">Ours there.</param>
    /// <param name="root">Where the job keeps its objects.</param>
    /// <param name="toFetch">Bytes of data and checkpoint.</param>
    /// <param name="toSend">Bytes of a checkpoint.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<string> RequireAsync(SshEndpoint there, string folder, Mount root, long toFetch, long toSend, CancellationToken cancellation)
    {
        if (root.Store is FolderStore)
        {
            return "";
        }

        var key = root.Prefix + Key;
        if (!await ServesUsAsync(token => PutAsync(root.Store, key, token), cancellation))
        {
            return "the store serves nobody now";
        }

        var expires = time.GetUtcNow() + _urlLife;
        var addresses = $"get={SshShell.Quote(root.Store.SignGet(key, expires).Url)}\nput={SshShell.Quote(root.Store.SignPut(root.Prefix + SentKey, Bytes, expires, onlyIfAbsent: false).Url)}\n";
        string[] arguments = [folder, Bytes.ToString(CultureInfo.InvariantCulture), Longest.TotalSeconds.ToString(CultureInfo.InvariantCulture)];
        var answer = await shell.RunAsync(there.Machine, addresses + RentedScripts.FetchStore, arguments, Longest * 3, cancellation);
        var said = StoreAnswer.Of(answer.Output);
        var fetching = said.FetchingProblem(toFetch);
        if ((fetching ?? said.SendingProblem(toSend)) is not { } problem)
        {
            return said.Words;
        }

        // Nobody is blamed for a store that is away, or takes nothing from us either.
        return await ServesUsAsync(token => fetching is null ? WriteAsync(root.Store, root.Prefix + SentKey, token) : ReadAsync(root.Store, key, token), cancellation)
            ? throw new HostRefusedException(HostFault.Machine, $"{there.Machine.Name}: {problem}")
            : "the store serves nobody now";
    }

    /// <summary>Bytes a second that a connection must move at least.</summary>
    internal static long Floor(long bytes, TimeSpan within) => Math.Clamp((long)(bytes / within.TotalSeconds), 0, MostAsked);

    private static async Task PutAsync(IObjectStore store, string key, CancellationToken cancellation)
    {
        if (await store.HeadAsync(key, cancellation) is { Size: Bytes })
        {
            return;
        }

        await WriteAsync(store, key, cancellation);
    }

    private static async Task WriteAsync(IObjectStore store, string key, CancellationToken cancellation)
    {
        // Nothing on the way can make it shorter.
        var noise = new byte[Bytes];
        new Random(Bytes).NextBytes(noise);
        using var content = new MemoryStream(noise, writable: false);
        await store.WriteAsync(key, content, noise.Length, onlyIfAbsent: false, cancellation);
    }

    private static async Task ReadAsync(IObjectStore store, string key, CancellationToken cancellation)
    {
        await using var content = await store.ReadAsync(key, 0, null, cancellation);
        await content.CopyToAsync(Stream.Null, cancellation);
    }

    private async Task<bool> ServesUsAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        try
        {
            await work(limit.Token);
            return true;
        }
        catch (Exception away) when (away is StoreException or IOException || (away is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            log.LogWarning("the store does not serve this server, so no host is tried on it: {Words}", away.Message);
            return false;
        }
    }
}
