using System.Globalization;
using Orchestrator.Agent.Ahead;
using Orchestrator.Agent.Journal;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Staging;
using Orchestrator.Agent.Training;
using Orchestrator.Agent.Transfers;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Watches the checkpoint folder and stores what is complete, the newest first. An older one that waits is dropped once a
/// newer one is stored, never before.
/// </summary>
internal sealed class CheckpointKeeper(
    AgentFolder folder, StateFile state, AgentJournal journal, ProblemReporter problems, Trainer trainer, ProgressTracker progress,
    CheckpointUploader uploader, StoredCheckpoints stored, AheadKeeper ahead, TimeProvider time) : IDisposable
{
    private const int ManyDiscards = 5;
    private static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(1);

    private readonly SpecPaths _paths = new(folder);
    private readonly SemaphoreSlim _uploading = new(1, 1);
    private readonly SemaphoreSlim _scanning = new(1, 1);
    private readonly WaitingEntries _waiting = new();
    private readonly LatelyStored _lately = new();
    private readonly CopyRule _copies = new();
    private EntryTracker? _tracker;
    private CheckpointOrder? _trackedOrder;
    private bool _lastFailed;
    private int _discards;

    public string? Activity => uploader.Activity;

    /// <summary>A checkpoint is on its way to the store, and gets on: one that waits for the server gives way to one that does not need it.</summary>
    public bool IsSending => _waiting.IsSending && !uploader.IsStuck;

    /// <summary>What a person should know when no checkpoint comes.</summary>
    public string NewestDurable => stored.Newest is { } newest
        ? "newest durable is " + newest.Entry + (newest.Step is { } step ? string.Create(CultureInfo.InvariantCulture, $" (step {step})") : "")
        : "none is durable yet";

    /// <summary>What lies there now, complete or not: none of it can answer a request that is made now.</summary>
    public async Task<SaveMark> MarkAsync(CancellationToken cancellation)
    {
        await _scanning.WaitAsync(cancellation);
        try
        {
            var present = new HashSet<string>(StringComparer.Ordinal);
            if (state.Current.Order?.Checkpoints is { } order)
            {
                var where = _paths.Place(order.Path);
                foreach (var name in EntryScanner.Names(where, order, RequestPath(order)))
                {
                    if (EntryScanner.FingerprintOf(where, name) is { } fingerprint)
                    {
                        present.Add(fingerprint);
                    }
                }
            }

            present.UnionWith(_waiting.Fingerprints);
            return _lately.Mark(present);
        }
        finally
        {
            _scanning.Release();
        }
    }

    /// <summary>The newest stored checkpoint that the trainer completed after <paramref name="mark"/>; null = none yet.</summary>
    public string? StoredSince(SaveMark mark) => _lately.Since(mark);

    public async Task WatchAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            await ScanAsync(cancellation);
            // A folder of very many files takes long to look at: the trainer's processors are not ours.
            var took = time.GetElapsedTime(began) * 10;
            await Task.Delay(took > Rhythm ? took : Rhythm, time, cancellation);
        }
    }

    public async Task UploadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // Nothing is begun that would only wait: when the server returns the newest goes first.
            if (!ahead.MayBegin || !await StoreNewestAsync(cancellation))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
            }
        }
    }

    /// <summary>After the trainer's end: stores the newest complete checkpoint, however long that takes.</summary>
    /// <returns>False = there was one and it could not be stored.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellation)
    {
        _lastFailed = false;
        await ScanAsync(cancellation);
        while (_waiting.Count > 0 && !state.Current.Cleaned)
        {
            if (!await StoreNewestAsync(cancellation))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation);
            }
        }

        await _uploading.WaitAsync(cancellation);
        _uploading.Release();
        // The host was cleaned meanwhile: what waited is gone.
        return !_lastFailed && !state.Current.Cleaned;
    }

    /// <summary>Answers once nothing in work builds on it any more.</summary>
    public async Task<RetireDone> LetGoAsync(string manifestKey, CancellationToken cancellation)
    {
        await _uploading.WaitAsync(cancellation);
        try
        {
            stored.LetGo(manifestKey);
        }
        finally
        {
            _uploading.Release();
        }

        return new RetireDone(manifestKey) { Seq = 0, At = default };
    }

    public void Dispose()
    {
        _uploading.Dispose();
        _scanning.Dispose();
    }

    private async Task ScanAsync(CancellationToken cancellation)
    {
        if (state.Current is not { Cleaned: false, Order.Checkpoints: { } order } || trainer.Record is null)
        {
            return;
        }

        await _scanning.WaitAsync(cancellation);
        try
        {
            Scan(order);
        }
        finally
        {
            _scanning.Release();
        }
    }

    private void Scan(CheckpointOrder order)
    {
        var where = _paths.Place(order.Path);
        if (!ReferenceEquals(order, _trackedOrder))
        {
            _trackedOrder = order;
            _tracker = new EntryTracker(
                order,
                time,
                snapshot => !Sabotage.NoChangeCheck && OpenFiles.AnyWriter(snapshot),
                snapshot => File.Exists(Path.Combine(where, snapshot.Name + order.Marker)));
        }

        var end = End();
        var names = EntryScanner.Names(where, order, RequestPath(order));
        var present = names.ToHashSet(StringComparer.Ordinal);
        _tracker!.Forget(present);
        stored.KeepSeen(present);
        var complete = new List<EntrySnapshot>();
        foreach (var name in names)
        {
            try
            {
                if (EntryScanner.Snapshot(where, name) is { } snapshot)
                {
                    ahead.Expect(snapshot.Files.Length);
                    if (!stored.IsSeen(name, snapshot.Fingerprint) && _tracker.IsComplete(snapshot, end))
                    {
                        complete.Add(snapshot);
                    }
                }
            }
            catch (ChangedException e)
            {
                // Of one kind: a trainer may make thousands of them.
                problems.Report("entry", $"checkpoint {EntryScanner.Shown(name)} is not stored: {e.Message}");
            }
        }

        _waiting.Update(
            present, complete, snapshot => stored.IsSeen(snapshot.Name, snapshot.Fingerprint), snapshot => StepName.Parse(snapshot.Name) ?? progress.Step);
    }

    private TrainerEnd? End()
    {
        if (trainer.IsLive)
        {
            return null;
        }

        var stat = Native.FileStat.Of(folder.TrainerExit, follow: true);
        return trainer.Exit is { } exit
            ? new TrainerEnd(exit.ExitCode == 0 || (state.Current.DrainSignalled && exit.ExitCode < 128), stat?.Modified ?? 0)
            : new TrainerEnd(false, 0);
    }

    /// <returns>False = nothing was there to store, or somebody else is at it.</returns>
    private async Task<bool> StoreNewestAsync(CancellationToken cancellation)
    {
        if (state.Current is not { Cleaned: false, Order.Checkpoints: { } order } || !await _uploading.WaitAsync(0, cancellation))
        {
            return false;
        }

        try
        {
            if (_waiting.Begin(ahead.IsAlone) is not { } next)
            {
                return false;
            }

            await StoreAsync(_paths.Place(order.Path), next, cancellation);
            return true;
        }
        finally
        {
            _waiting.End();
            _uploading.Release();
        }
    }

    private async Task StoreAsync(string where, WaitingEntry next, CancellationToken cancellation)
    {
        if (EntryScanner.FingerprintOf(where, next.Snapshot.Name) != next.Snapshot.Fingerprint)
        {
            // Rewritten or deleted before we began: the next look takes it as what it is then.
            _waiting.Drop(next);
            return;
        }

        try
        {
            var copy = _copies.WantsCopy(trainer.IsLive);
            var happened = await GivingWay.StoreAsync(uploader, _waiting, where, next, copy, time, cancellation);
            journal.Append(happened);
            _lastFailed = false;
            _discards = 0;
            _copies.Stored(next.Snapshot, copy);
            _lately.Add(happened.ManifestKey, next.Snapshot.Fingerprint);
            _waiting.DropUpTo(next, old => stored.MarkSeen(old.Name, old.Fingerprint));
        }
        catch (ChangedException e)
        {
            journal.Append(new CheckpointDiscarded(next.Snapshot.Name, e.Message) { Seq = 0, At = default });
            _copies.Discarded(next.Snapshot);
            if (++_discards % ManyDiscards == 0)
            {
                problems.Report("changing", $"{_discards} checkpoints in a row changed before they were stored ({NewestDurable}): save less often, or write each under a name of its own and rename it when it is whole");
            }

            _lastFailed = true;
            if (EntryScanner.FingerprintOf(where, next.Snapshot.Name) == next.Snapshot.Fingerprint)
            {
                // Unreadable rather than changed: trying the very same again would say the very same.
                stored.MarkSeen(next.Snapshot.Name, next.Snapshot.Fingerprint);
            }

            _waiting.Drop(next);
        }
        catch (StoreException e) when (e.Fault == StoreFault.Alone)
        {
            problems.Report("alone", $"checkpoint {next.Snapshot.Name} waits for the server: {e.Message}; training goes on, and checkpoints that fit are stored meanwhile");
            _waiting.SetAside(next);
        }
        catch (StoreException e)
        {
            problems.Report("checkpoint", $"checkpoint {next.Snapshot.Name} cannot be stored: {e.Message}");
            _lastFailed = true;
            stored.MarkSeen(next.Snapshot.Name, next.Snapshot.Fingerprint);
            _waiting.Drop(next);
        }
    }

    private string? RequestPath(CheckpointOrder order) => order.RequestFile is { } file ? _paths.Place(file) : null;
}
