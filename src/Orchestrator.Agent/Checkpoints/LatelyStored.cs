namespace Orchestrator.Agent.Checkpoints;

/// <summary>The last few checkpoints that this agent stored, to answer requests with.</summary>
internal sealed class LatelyStored
{
    private const int Kept = 32;

    private readonly Lock _lock = new();
    private readonly Queue<(long Number, string Key, string Fingerprint)> _recent = [];
    private long _count;

    public void Add(string manifestKey, string fingerprint)
    {
        lock (_lock)
        {
            _recent.Enqueue((++_count, manifestKey, fingerprint));
            if (_recent.Count > Kept)
            {
                _recent.Dequeue();
            }
        }
    }

    public SaveMark Mark(IReadOnlySet<string> present)
    {
        lock (_lock)
        {
            return new SaveMark(_count, present);
        }
    }

    /// <summary>The newest that the trainer completed after <paramref name="mark"/>; null = none yet.</summary>
    public string? Since(SaveMark mark)
    {
        lock (_lock)
        {
            return _recent.LastOrDefault(one => one.Number > mark.Stored && !mark.Present.Contains(one.Fingerprint)).Key;
        }
    }
}
