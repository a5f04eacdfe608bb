using Orchestrator.Drills.Kit;

namespace Orchestrator.Drills;

/// <summary>Reads every manifest of one job as soon as it appears: from that moment on it must be whole.</summary>
public sealed class StoreWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Site _site;
    private readonly string _name;
    private readonly long _job;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredManifest> _seen = new(StringComparer.Ordinal);
    private volatile bool _done;

    public StoreWatch(Site site, string name, long job)
    {
        (_site, _name, _job) = (site, name, job);
        _thread = new(Watch) { IsBackground = true, Name = "store watch" };
        _thread.Start();
    }

    /// <summary>All that was ever seen, oldest first.</summary>
    public IReadOnlyList<StoredManifest> Seen()
    {
        lock (_gate)
        {
            return [.. _seen.Values.OrderBy(one => one.Attempt).ThenBy(one => one.Ordinal)];
        }
    }

    /// <summary>Whole checkpoints, oldest first.</summary>
    public IReadOnlyList<StoredManifest> Durable() => [.. Seen().Where(one => one.Fault is null && !one.IsOurDamage)];

    public void MarkDamaged(string path)
    {
        lock (_gate)
        {
            _seen[path] = _seen[path] with { IsOurDamage = true };
        }
    }

    /// <summary>Reads all manifests that are in the store now once more.</summary>
    public IReadOnlyList<StoredManifest> ReadAgain()
    {
        Look();
        HashSet<string> ours = [.. Seen().Where(one => one.IsOurDamage).Select(one => one.Path)];
        return [.. StoreLook.Manifests(_site, _name, _job).Where(path => !ours.Contains(path)).Select(path => StoreLook.Read(_site, path)).OfType<StoredManifest>()];
    }

    public void Dispose()
    {
        _done = true;
        _thread.Join();
    }

    private void Watch()
    {
        while (!_done)
        {
            Look();
            Thread.Sleep(Pause);
        }
    }

    private void Look()
    {
        foreach (var path in StoreLook.Manifests(_site, _name, _job))
        {
            lock (_gate)
            {
                if (_seen.ContainsKey(path))
                {
                    continue;
                }
            }

            if (StoreLook.Read(_site, path) is { } manifest)
            {
                lock (_gate)
                {
                    _seen.TryAdd(path, manifest);
                }
            }
        }
    }
}
