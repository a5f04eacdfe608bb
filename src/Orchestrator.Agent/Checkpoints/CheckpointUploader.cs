using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Agent.Ahead;
using Orchestrator.Agent.Transfers;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Carries one complete entry to the store: its files, and when they are all there and still what they were, its manifest.</summary>
internal sealed class CheckpointUploader(AgentFolder own, StateFile state, StoreClient store, StoredCheckpoints stored, AheadKeeper ahead, TimeProvider time)
{
    private const int Parallel = 4;
    private const int Tries = 3;

    // Coarser than any file system's clock tick: a change within the tick of our look would leave the times as they are.
    private const long Tick = 50_000_000;

    private readonly ObjectWriter _writer = new(store);
    private long _total;
    private long _moved;
    private int _ordinal;
    private AheadSet? _spare;

    /// <summary>For the heartbeat; null = idle.</summary>
    public string? Activity => _total > 0
        ? string.Create(CultureInfo.InvariantCulture, $"uploading checkpoint {_ordinal}: {Math.Min(100, Interlocked.Read(ref _moved) * 100 / _total)} %")
        : null;

    /// <summary>A file of the one in work waits for the server, and no server is there.</summary>
    public bool IsStuck => ahead.IsAlone && _spare is { IsShort: true };

    /// <summary>It could be stored now without a server, even if all that is not known by its times were new.</summary>
    public bool CanGoAhead(EntrySnapshot seen)
    {
        var (files, largest) = (0, 0L);
        foreach (var file in seen.Files)
        {
            if (stored.Same(file.Stat) is null)
            {
                (files, largest) = (files + 1, Math.Max(largest, file.Stat.Size));
            }
        }

        return ahead.MayBegin && ahead.ForNext(state.Current.Order!.AttemptPrefix) is { } next && next.Fits(files, largest);
    }

    /// <param name="folder">The checkpoint folder.</param>
    /// <param name="seen">What was complete.</param>
    /// <param name="step">Of the trainer.</param>
    /// <param name="copy">Those before changed while they were stored: a copy of this one is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ChangedException">It changed or vanished: nothing of it counts.</exception>
    /// <exception cref="StoreException">Refused for good; Alone = it is not begun before a server is there.</exception>
    public async Task<CheckpointStored> StoreAsync(string folder, EntrySnapshot seen, long? step, bool copy, CancellationToken cancellation)
    {
        using var held = await HoldAsync(folder, seen, copy, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryStoreAsync(folder, held?.Snapshot ?? seen, held, step, cancellation);
            }
            catch (StoreException e) when (e.Fault == StoreFault.Taken && attempt < Tries)
            {
                Diagnostics.Write($"{e.Message}; the checkpoint gets another number");
            }
            catch (HttpRequestException e) when (e.InnerException is ChangedException changed)
            {
                throw changed;
            }
            finally
            {
                _total = 0;
                _spare = null;
            }
        }
    }

    private async Task<HeldEntry?> HoldAsync(string folder, EntrySnapshot seen, bool copy, CancellationToken cancellation)
    {
        await OutOfTheTickAsync(seen, cancellation);
        return (copy ? await Task.Run(() => HeldEntry.Copy(folder, seen, stat => stored.Same(stat) is not null, own.Copies, cancellation), cancellation) : null) ?? HeldEntry.Take(folder, seen);
    }

    private async Task<CheckpointStored> TryStoreAsync(string folder, EntrySnapshot seen, HeldEntry? held, long? step, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var before = store.Sent;
        Unchanged(folder, seen, held);
        var hashes = new ConcurrentDictionary<string, FileHash>();
        if (ahead.IsAlone)
        {
            await FitAsync(seen, hashes, cancellation);
        }

        _ordinal = state.Change(s => s with { NextOrdinal = s.NextOrdinal + 1 }).NextOrdinal - 1;
        var order = state.Current.Order!;
        var prefix = ObjectKeys.CheckpointFiles(order.AttemptPrefix, _ordinal);
        var spare = _spare = ahead.For(order.AttemptPrefix, _ordinal);
        _moved = 0;
        _total = Math.Max(1, seen.Bytes);

        var done = new ConcurrentDictionary<string, StoredFile>();
        var manifestKey = ObjectKeys.Manifest(order.AttemptPrefix, _ordinal);
        if (Sabotage.ManifestFirst)
        {
            await EachAsync(seen, file => OneAsync(file, prefix, hashes, done, send: false, null, cancellation), cancellation);
            await ManifestAsync(order, manifestKey, seen, step, done, null, cancellation);
        }

        await EachAsync(seen, file => OneAsync(file, prefix, hashes, done, send: true, spare, cancellation), cancellation);
        Unchanged(folder, seen, held);
        if (!Sabotage.ManifestFirst)
        {
            await ManifestAsync(order, manifestKey, seen, step, done, spare, cancellation);
        }

        ahead.Sent(done.Values.Count(file => file.Key.StartsWith(prefix, StringComparison.Ordinal)));
        stored.Add(new StoredSet(manifestKey, [.. seen.Files.Select(file => done[file.Path])], seen.Name, step), seen);
        return new CheckpointStored(_ordinal, manifestKey, seen.Name, step, seen.Bytes, seen.Files.Length, Stopwatch.GetElapsedTime(started))
        {
            Seq = 0, At = default, Line = store.Sent.Since(before),
        };
    }

    /// <summary>Without a server nothing is begun that could not be ended: an older one or the next may fit where this one does not.</summary>
    /// <exception cref="StoreException">Alone.</exception>
    private async Task FitAsync(EntrySnapshot seen, ConcurrentDictionary<string, FileHash> hashes, CancellationToken cancellation)
    {
        await EachAsync(seen, file => stored.Same(file.Stat) is null ? HashAsync(file, hashes, cancellation) : Task.CompletedTask, cancellation);
        var (files, largest) = (0, 0L);
        foreach (var file in seen.Files)
        {
            if (hashes.TryGetValue(file.Path, out var hash) && stored.SameContent(file.Stat.Size, hash.Whole) is null)
            {
                (files, largest) = (files + 1, Math.Max(largest, file.Stat.Size));
            }
        }

        if (ahead.ForNext(state.Current.Order!.AttemptPrefix) is { } next && !next.Fits(files, largest))
        {
            ahead.Missed(files);
            throw new StoreException(
                StoreFault.Alone,
                string.Create(CultureInfo.InvariantCulture, $"{files} of its files are new, the largest of {largest} bytes: more files, or a larger one, than can be stored while the server is away"));
        }
    }

    private static async Task<FileHash> HashAsync(EntryFile file, ConcurrentDictionary<string, FileHash> hashes, CancellationToken cancellation)
    {
        if (hashes.TryGetValue(file.Path, out var known))
        {
            return known;
        }

        FileHash hash;
        try
        {
            hash = await FileHash.OfAsync(file.FullPath, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChangedException($"{file.Path} cannot be read: {e.Message}");
        }

        if (hash.Length != file.Stat.Size)
        {
            // Being written, or a file that only seems to be one (a link into /proc).
            throw new ChangedException($"{file.Path} has {hash.Length} bytes where its size says {file.Stat.Size}");
        }

        hashes[file.Path] = hash;
        return hash;
    }

    private async Task OneAsync(
        EntryFile file, string prefix, ConcurrentDictionary<string, FileHash> hashes, ConcurrentDictionary<string, StoredFile> done, bool send, AheadSet? spare,
        CancellationToken cancellation)
    {
        var size = file.Stat.Size;
        var known = stored.Same(file.Stat);
        if (known is null)
        {
            var hash = await HashAsync(file, hashes, cancellation);
            var key = stored.SameContent(size, hash.Whole)?.Key;
            if (key is null)
            {
                key = prefix + file.Path;
                key = send ? await _writer.WriteAsync(file.FullPath, key, size, hash, bytes => Interlocked.Add(ref _moved, bytes), cancellation, spare) : key;
            }

            known = new StoredFile(key, size, hash.Whole, file.Stat);
        }

        done[file.Path] = known with { Stat = file.Stat };
    }

    private async Task ManifestAsync(
        TrainerOrder order, string key, EntrySnapshot seen, long? step, ConcurrentDictionary<string, StoredFile> done, AheadSet? spare,
        CancellationToken cancellation)
    {
        var manifest = new CheckpointManifest
        {
            Job = order.JobId,
            Attempt = order.Attempt,
            Ordinal = _ordinal,
            Entry = seen.Name,
            Step = step,
            TakenAt = time.GetUtcNow(),
            Files =
            [
                .. seen.Files.Select(file => new ManifestFile
                {
                    Path = file.Path, Key = done[file.Path].Key, Size = done[file.Path].Size, Hash = done[file.Path].Hash, Mode = file.Stat.Permissions & 0b111_111_111,
                }),
            ],
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, AgentJson.Default.CheckpointManifest);
        var hash = FileHash.Text(System.IO.Hashing.XxHash128.HashToUInt128(bytes));
        var wanted = new GrantWanted(GrantKind.Put, key, bytes.Length, Hash: hash);
        // One for both ways: what a try has left under the key is ours, whoever granted that try.
        var body = new PutBody(key, bytes.Length, () => new MemoryStream(bytes));
        try
        {
            await store.PutAsync(wanted, body, cancellation, orAlone: spare is not null);
        }
        catch (StoreException e) when (e.Fault == StoreFault.Alone)
        {
            if (!await ManifestAheadAsync(spare!, body, cancellation))
            {
                await store.PutAsync(wanted, body, cancellation);
            }
        }
    }

    /// <returns>False = the store does not take it.</returns>
    private async Task<bool> ManifestAheadAsync(AheadSet spare, PutBody body, CancellationToken cancellation)
    {
        if (spare.Manifest() is not { } grant)
        {
            return false;
        }

        try
        {
            await store.PutAheadAsync(grant, body, cancellation);
            return true;
        }
        catch (StoreException e) when (e.Fault == StoreFault.Denied)
        {
            spare.Deny(e.Message);
            return false;
        }
    }

    /// <summary>Large files one after the other, each in parallel parts; small ones side by side.</summary>
    private static async Task EachAsync(EntrySnapshot seen, Func<EntryFile, Task> act, CancellationToken cancellation)
    {
        foreach (var file in seen.Files.Where(file => file.Stat.Size > FileHash.PartSize))
        {
            await act(file);
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
        await System.Threading.Tasks.Parallel.ForEachAsync(
            seen.Files.Where(file => file.Stat.Size <= FileHash.PartSize), options, async (file, _) => await act(file));
    }

    private async Task OutOfTheTickAsync(EntrySnapshot seen, CancellationToken cancellation)
    {
        var age = ((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100) - seen.NewestChange;
        if (age is >= 0 and < Tick)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Tick / 1_000_000), time, cancellation);
        }
    }

    private static void Unchanged(string folder, EntrySnapshot seen, HeldEntry? held)
    {
        // A copy was looked at when it was made.
        if (Sabotage.NoChangeCheck || held is { IsCopy: true })
        {
            return;
        }

        var now = EntryScanner.Snapshot(folder, seen.Name);
        if (now?.Fingerprint != seen.Fingerprint && held?.Outlives(now) != true)
        {
            throw new ChangedException($"{seen.Name} {(now is null ? "vanished" : "changed")} while it was read");
        }

        if (OpenFiles.AnyWriter(seen))
        {
            throw new ChangedException($"{seen.Name} is open for writing");
        }
    }
}
