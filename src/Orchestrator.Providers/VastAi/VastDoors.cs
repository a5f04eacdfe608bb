using System.Collections.Immutable;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.VastAi;

/// <summary>
/// Where our instances are entered, as the newest list says: it is asked for every few seconds anyway, and a single instance may be asked
/// about only once in two.
/// </summary>
internal sealed class VastDoors(TimeProvider time)
{
    /// <summary>An older list says nothing: ports move with every start.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private ImmutableDictionary<string, ApiFields> _rows = ImmutableDictionary<string, ApiFields>.Empty;
    private long _seenAt;

    /// <param name="rows">All of a whole list.</param>
    /// <param name="askedAt">The timestamp before it was asked for.</param>
    public void Saw(IEnumerable<ApiFields> rows, long askedAt)
    {
        var byId = rows.Where(row => row["id"].Text is not null).DistinctBy(row => row["id"].Text).ToImmutableDictionary(row => row["id"].Text!);
        lock (_gate)
        {
            if (askedAt >= _seenAt)
            {
                (_rows, _seenAt) = (byId, askedAt);
            }
        }
    }

    /// <returns>Null = no list that is new enough has it.</returns>
    public ApiFields? Find(string instanceId)
    {
        lock (_gate)
        {
            return time.GetElapsedTime(_seenAt) < _longest && _rows.TryGetValue(instanceId, out var row) ? row : null;
        }
    }

    /// <summary>It is being destroyed.</summary>
    public void Forget(string instanceId)
    {
        lock (_gate)
        {
            _rows = _rows.Remove(instanceId);
        }
    }
}
