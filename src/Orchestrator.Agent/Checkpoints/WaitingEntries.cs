namespace Orchestrator.Agent.Checkpoints;

/// <summary>Complete entries that are not stored yet.</summary>
internal sealed class WaitingEntries
{
    private readonly Lock _lock = new();
    private readonly List<WaitingEntry> _waiting = [];
    private long _found;
    private string? _inWork;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>One is on its way.</summary>
    public bool IsSending
    {
        get
        {
            lock (_lock)
            {
                return _inWork is not null;
            }
        }
    }

    /// <summary>Of all that waits or is in work.</summary>
    public IReadOnlyList<string> Fingerprints
    {
        get
        {
            lock (_lock)
            {
                return [.. _waiting.Select(one => one.Snapshot.Fingerprint), _inWork ?? ""];
            }
        }
    }

    /// <summary>The newest, which is in work from now on; null = none.</summary>
    /// <param name="alone">No server is there: those that need one are passed over.</param>
    public WaitingEntry? Begin(bool alone = false)
    {
        lock (_lock)
        {
            for (var i = 0; i < _waiting.Count && !alone; i++)
            {
                _waiting[i] = _waiting[i] with { NeedsServer = false };
            }

            var next = _waiting.FindLast(one => !one.NeedsServer);
            _inWork = next?.Snapshot.Fingerprint;
            return next;
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _inWork = null;
        }
    }

    /// <summary>What a look has shown: what is still there, and what of it is complete.</summary>
    /// <param name="present">Names.</param>
    /// <param name="complete">Not dealt with when they were looked at.</param>
    /// <param name="isSeen">Dealt with by now: an upload may have ended while the look went on, and must not be done again.</param>
    /// <param name="step">The step of a new one.</param>
    public void Update(
        IReadOnlySet<string> present, IEnumerable<EntrySnapshot> complete, Func<EntrySnapshot, bool> isSeen, Func<EntrySnapshot, long?> step)
    {
        lock (_lock)
        {
            // What the trainer has deleted or rewritten meanwhile is no longer there to be stored.
            _waiting.RemoveAll(one => !present.Contains(one.Snapshot.Name));
            foreach (var snapshot in complete.OrderBy(one => one.NewestChange).ThenBy(one => one.Name, StringComparer.Ordinal))
            {
                if (_waiting.All(one => one.Snapshot.Fingerprint != snapshot.Fingerprint) && snapshot.Fingerprint != _inWork && !isSeen(snapshot))
                {
                    _waiting.RemoveAll(one => one.Snapshot.Name == snapshot.Name);
                    _waiting.Add(new WaitingEntry(snapshot, step(snapshot), ++_found));
                }
            }
        }
    }

    /// <summary>The others, of which nobody has found yet that they need a server; the newest last.</summary>
    public IReadOnlyList<WaitingEntry> Besides(WaitingEntry one)
    {
        lock (_lock)
        {
            return _waiting.FindAll(other => other.Number != one.Number && !other.NeedsServer);
        }
    }

    /// <summary>It waits until a server is there, and holds up no other.</summary>
    public void SetAside(WaitingEntry one)
    {
        lock (_lock)
        {
            var at = _waiting.IndexOf(one);
            if (at >= 0)
            {
                _waiting[at] = one with { NeedsServer = true };
            }
        }
    }

    public void Drop(WaitingEntry one)
    {
        lock (_lock)
        {
            _waiting.Remove(one);
        }
    }

    /// <summary>Drops it and all older ones: they are of no use any more. Each is marked as seen before it is gone from here.</summary>
    public void DropUpTo(WaitingEntry newest, Action<EntrySnapshot> markSeen)
    {
        lock (_lock)
        {
            foreach (var old in _waiting.Where(one => one.Number <= newest.Number).ToList())
            {
                markSeen(old.Snapshot);
                _waiting.Remove(old);
            }
        }
    }
}
