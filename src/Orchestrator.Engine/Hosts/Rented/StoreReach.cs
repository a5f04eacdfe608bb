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
/// Has a rented host fetch a few megabytes of noise from the job's store before any data moves: one that cannot reach it, or gets next to
/// nothing, would be paid for while it stages for ever. A folder of ours comes to hosts through our own connection and is not tried.
/// </summary>
public sealed class StoreReach(JobStores stores, IMachineShell shell, TimeProvider time, ILogger<StoreReach> log)
{
    /// <summary>Large enough to outlast the connection's beginning, small enough to cost nothing: $0.0004 where a gigabyte costs nine cents.</summary>
    public const int Bytes = 4 << 20;

    /// <summary>Below the store's own prefix; one for each place where jobs keep their objects.</summary>
    public const string Key = "probe/noise-4-MiB";

    /// <summary>What does not come within this is not worth waiting for: 140 kB/s.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>What a job has to fetch should come within this.</summary>
    private static readonly TimeSpan _staging = TimeSpan.FromDays(1);

    /// <summary>
    /// No more is asked of one connection, whatever there is to fetch: far from the store it begins slowly, and agents use several.
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

        return await RequireAsync(there, folder, root, offer.DataBytes + (snapshot.State.NewestCheckpoint?.Bytes ?? 0), cancellation);
    }

    internal async Task<string> RequireAsync(SshEndpoint there, string folder, Mount root, long toFetch, CancellationToken cancellation)
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

        var url = root.Store.SignGet(key, time.GetUtcNow() + _urlLife).Url;
        string[] arguments = [folder, Bytes.ToString(CultureInfo.InvariantCulture), Longest.TotalSeconds.ToString(CultureInfo.InvariantCulture)];
        var answer = await shell.RunAsync(there.Machine, $"url={SshShell.Quote(url)}\n{RentedScripts.FetchStore}", arguments, Longest * 3, cancellation);
        var said = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("");
        if (Problem(said, toFetch) is not { } problem)
        {
            return Words(said);
        }

        // Nobody is blamed for a store that is away.
        return await ServesUsAsync(token => ReadAsync(root.Store, key, token), cancellation)
            ? throw new HostRefusedException(HostFault.Machine, $"{there.Machine.Name}: {problem}")
            : "the store serves nobody now";
    }

    /// <summary>Bytes a second that a connection must bring at least.</summary>
    internal static long Floor(long toFetch) => Math.Clamp((long)(toFetch / _staging.TotalSeconds), 0, MostAsked);

    /// <summary>Null = it will do, or nothing can be told.</summary>
    internal static string? Problem(string said, long toFetch) => said.Split(' ', 2) switch
    {
        ["got", var time] when Speed(time) is { } speed && speed < Floor(toFetch) =>
            $"the job's store gives it {Rate(speed)}; for {Size(toFetch)} of data and checkpoint {Rate(Floor(toFetch))} are wanted at least",
        ["slow", var arrived] => FormattableString.Invariant($"of {Size(Bytes)} from the job's store {Size(Number(arrived) ?? 0)} came within {Longest.TotalSeconds:0} s"),
        ["failed", var words] => $"it does not reach the job's store: {Shown(words)}",
        _ => null,
    };

    internal static string Words(string said) => said.Split(' ', 2) switch
    {
        ["got", var time] when Speed(time) is { } speed => $"the store gives {Rate(speed)}",
        ["untried", var words] => $"the store was not tried: {Shown(words)}",
        _ => "the store was not tried: no answer",
    };

    private static async Task PutAsync(IObjectStore store, string key, CancellationToken cancellation)
    {
        if (await store.HeadAsync(key, cancellation) is { Size: Bytes })
        {
            return;
        }

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

    /// <summary>Of a host: a signature that a tool repeats goes no further.</summary>
    private static string Shown(string words)
    {
        var text = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('?')[0]));
        return text.Length > 200 ? text[..200] : text;
    }

    private static long? Speed(string milliseconds) => Number(milliseconds) is { } time ? Bytes * 1000L / Math.Max(time, 1) : null;

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Rate(long speed) => Size(speed) + "/s";

    private static string Size(long bytes) => bytes switch
    {
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1e3:0} kB"),
        < 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
        _ => FormattableString.Invariant($"{bytes / 1e9:0.0} GB"),
    };
}
