using System.Collections.Immutable;
using Orchestrator.Determinism;
using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

/// <summary>A rental API that loses replies, lags, lies a little and goes away for a while.</summary>
public sealed class SimProvider(SeededRandom random, Faults faults, string prefix = "i")
{
    private DateTimeOffset _blackoutUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _listedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _nextListing = DateTimeOffset.MinValue;
    private bool _listed;
    private int _ids;

    public List<SimInstance> Instances { get; } = [];

    public bool Calm { get; set; }

    public bool Answers(DateTimeOffset now)
    {
        if (Calm)
        {
            return true;
        }

        if (now >= _blackoutUntil && random.Chance(faults.CallFails * 0.2))
        {
            _blackoutUntil = now.AddSeconds(random.Next(random.Chance(0.2) ? 2400 : 120));
        }

        return now >= _blackoutUntil && !random.Chance(faults.CallFails);
    }

    /// <summary>The newest listing, refreshed now and then; null when the last call failed.</summary>
    public bool Refresh(DateTimeOffset now)
    {
        if (now >= _nextListing)
        {
            _nextListing = now.AddSeconds(5 + random.Next(20));
            _listed = Answers(now);
            _listedAt = now;
            var listed = Instances.Where(i => now >= i.VisibleFrom && now < i.ListedUntil && !Flickers(i, now)).ToList();
            _snapshot = [.. listed.Select(i => (i.Label, Sight(i, now)))];
            if (_listed)
            {
                listed.ForEach(i => i.Listed(now));
            }
        }

        return _listed;
    }

    private ImmutableArray<(string Label, InstanceSighting Sighting)> _snapshot = [];

    public ListingView? Listing(string label) => !_listed
        ? null
        : new ListingView { AskedAt = _listedAt, Instances = [.. _snapshot.Where(s => s.Label == label).Select(s => s.Sighting).OrderBy(s => s.InstanceId, StringComparer.Ordinal)] };

    public SimInstance Create(string label, int attempt, DateTimeOffset now)
    {
        var at = now + (Calm ? TimeSpan.Zero : faults.CreateTime * random.NextDouble());
        var boots = Calm || !random.Chance(faults.NeverBoot);
        var instance = new SimInstance
        {
            Id = $"{prefix}{++_ids:D3}",
            Label = label,
            Attempt = attempt,
            CreatedAt = at,
            VisibleFrom = at + (faults.ListLag * random.NextDouble()),
            RunsFrom = boots ? at.AddSeconds(random.Next(90)) : null,
        };
        Instances.Add(instance);
        return instance;
    }

    /// <summary>True: not found. False: accepted.</summary>
    public bool Destroy(string id, DateTimeOffset now)
    {
        var instance = Instances.Single(i => i.Id == id);
        if (instance.GoneAt is not null)
        {
            return true;
        }

        if (!Calm && now >= instance.VisibleFrom && (now < instance.IgnoresUntil || random.Chance(faults.DestroyIgnored)))
        {
            // It says yes and does nothing, for a while. Lists that lack what was not destroyed would be a second lie, which nobody could see through.
            instance.IgnoredAt ??= now;
            instance.IgnoresUntil = now < instance.IgnoresUntil ? instance.IgnoresUntil : now.AddSeconds(random.Next(600));
            (instance.FlickersUntil, instance.FlickersAgainFrom) = (now, DateTimeOffset.MaxValue);
            return false;
        }

        Remove(instance, now);
        return false;
    }

    public void Remove(SimInstance instance, DateTimeOffset now)
    {
        instance.GoneAt = now;
        instance.ListedUntil = now + (faults.Linger * random.NextDouble());
    }

    /// <summary>
    /// A list calls itself complete and still lacks an instance, for less than a settling time; then it is right again for a while.
    /// No kernel could tell a list that is wrong for longer from an instance that is gone.
    /// </summary>
    private bool Flickers(SimInstance instance, DateTimeOffset now)
    {
        if (!Calm && now > instance.CreatedAt.AddMinutes(3) && now >= instance.FlickersAgainFrom && random.Chance(faults.Flicker))
        {
            instance.FlickersUntil = now.AddSeconds(random.Next(59));
            instance.FlickersAgainFrom = now.AddMinutes(5);
        }

        return now < instance.FlickersUntil;
    }

    private InstanceSighting Sight(SimInstance i, DateTimeOffset now) => new(i.Id, i switch
    {
        { GoneAt: not null } => i.ListedUntil.Second % 2 == 0 ? InstanceStatus.Terminating : InstanceStatus.Running,
        { Stopped: true } => InstanceStatus.Stopped,
        _ when i.IsOfflineAt(now) => InstanceStatus.Unknown,
        _ when now >= i.RunsFrom => InstanceStatus.Running,
        _ => InstanceStatus.Booting,
    }, "as listed", i.Term, i.Rate);
}
