using System.Globalization;

namespace Orchestrator.Drills.Kit;

/// <summary>Looks at the operating system many times a second and remembers when a job had two live instances or two trainers.</summary>
public sealed class Witness : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Site _site;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly List<Overlap> _overlaps = [];
    private readonly Dictionary<(long Job, string What), Overlap> _open = [];
    private readonly Dictionary<(long Job, int Attempt), double> _lastTraining = [];
    private readonly Dictionary<long, HashSet<string>> _instances = [];
    private volatile bool _done;

    public Witness(Site site)
    {
        _site = site;
        _thread = new(Watch) { IsBackground = true, Name = "witness" };
        _thread.Start();
    }

    public int Samples { get; private set; }

    /// <summary>Overlaps so far, those that go on included.</summary>
    public IReadOnlyList<Overlap> Overlaps()
    {
        lock (_gate)
        {
            return [.. _overlaps, .. _open.Values];
        }
    }

    /// <summary>Folders of all instances of a job ever seen alive.</summary>
    public int InstancesSeen(long job)
    {
        lock (_gate)
        {
            return _instances.TryGetValue(job, out var seen) ? seen.Count : 0;
        }
    }

    /// <summary>Folder names of the instances of a job that are alive now.</summary>
    public static IReadOnlyList<string> LiveInstances(Site site, long job)
    {
        ArgumentNullException.ThrowIfNull(site);
        return [.. Look(site).Where(one => one.Job == job && one.Instance.Length > 0).Select(one => one.Instance).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>When the trainer of an attempt was last seen alive, in Unix time; null = never.</summary>
    public double? LastTraining(long job, int attempt)
    {
        lock (_gate)
        {
            return _lastTraining.TryGetValue((job, attempt), out var at) ? at : null;
        }
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
            var seen = Look(_site).ToArray();
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
            lock (_gate)
            {
                Samples++;
                foreach (var one in seen)
                {
                    if (!_instances.TryGetValue(one.Job, out var known))
                    {
                        _instances[one.Job] = known = [];
                    }

                    known.Add(one.Instance);
                    if (one.IsTrainer)
                    {
                        _lastTraining[(one.Job, one.Attempt)] = now;
                    }
                }

                Note("instances", seen.Select(one => (one.Job, Who: one.Instance)), now);
                Note("trainers", seen.Where(one => one.IsTrainer).Select(one => (one.Job, Who: one.Instance + "/" + one.Pid.ToString(CultureInfo.InvariantCulture))), now);
            }

            Thread.Sleep(Pause);
        }
    }

    private void Note(string what, IEnumerable<(long Job, string Who)> seen, double now)
    {
        var doubles = seen.Distinct().GroupBy(one => one.Job).Where(group => group.Count() > 1).ToDictionary(group => group.Key, group => string.Join(" and ", group.Select(one => one.Who)));
        foreach (var (job, who) in doubles)
        {
            _open[(job, what)] = _open.TryGetValue((job, what), out var open) ? open with { To = now } : new(job, what, who, now, now);
        }

        foreach (var key in _open.Keys.Where(key => key.What == what && !doubles.ContainsKey(key.Job)).ToArray())
        {
            _overlaps.Add(_open[key]);
            _open.Remove(key);
        }
    }

    private static IEnumerable<Seen> Look(Site site)
    {
        var instances = site.Instances + "/";
        foreach (var process in LiveProcess.All())
        {
            if (process.Option("--root") is { } root && root.StartsWith(instances, StringComparison.Ordinal)
                && process.Option("--label") is { } label && Read(label) is var (job, attempt))
            {
                yield return new(job, attempt, root[instances.Length..].Split('/')[0], process.Pid, IsTrainer: false);
            }
            else if (Array.Exists(process.Arguments, argument => argument.EndsWith("trainer.py", StringComparison.Ordinal))
                && process.Arguments is [var program, ..] && program.Contains("python", StringComparison.Ordinal)
                && process.Environment.TryGetValue("ORCHESTRATOR_CHECKPOINT_DIR", out var folder) && folder.StartsWith(instances, StringComparison.Ordinal))
            {
                yield return new(
                    long.Parse(process.Environment["ORCHESTRATOR_JOB_ID"], CultureInfo.InvariantCulture),
                    int.Parse(process.Environment["ORCHESTRATOR_ATTEMPT"], CultureInfo.InvariantCulture),
                    folder[instances.Length..].Split('/')[0], process.Pid, IsTrainer: true);
            }
        }
    }

    /// <summary>orc-EPOCH-JOB-ATTEMPT.</summary>
    private static (long Job, int Attempt)? Read(string label) =>
        label.Split('-') is ["orc", _, var job, var attempt]
            ? (long.Parse(job, CultureInfo.InvariantCulture), int.Parse(attempt, CultureInfo.InvariantCulture))
            : null;

    private readonly record struct Seen(long Job, int Attempt, string Instance, int Pid, bool IsTrainer);
}
