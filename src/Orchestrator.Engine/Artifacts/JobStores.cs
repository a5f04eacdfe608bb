using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Artifacts;

/// <summary>Gives the store as one job sees it: its checkpoints, its pinned sources, the places it delivers to.</summary>
public sealed class JobStores(StoreSet stores, ForeignOrigins foreign)
{
    private const int MostRemembered = 256;

    // A spec with many sources takes a while to read, and grants are asked for by the thousand.
    private readonly ConcurrentDictionary<long, Remembered> _remembered = new();

    /// <summary>Throws <see cref="StoreException"/> when the configuration no longer has a store that the job needs.</summary>
    public IObjectStore Of(JobSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Of(snapshot.State, snapshot.SpecJson);
    }

    public IObjectStore Of(JobState state, string specJson) => Of(state, SpecOf(state, specJson));

    public IObjectStore Of(JobState state, StoredSpec spec)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(spec);
        var mounts = ImmutableArray.CreateBuilder<Mount>();
        mounts.Add(stores.MountAt("", StorePlace.Parse(spec.Store ?? StoreSet.BuiltIn)));
        foreach (var (below, place) in spec.Origins.Where(origin => !ForeignOrigins.Knows(origin.Value)))
        {
            mounts.Add(stores.MountAt(below, StorePlace.Parse(place)));
        }

        foreach (var (index, place) in spec.Deliveries)
        {
            var folder = OrderBuilder.OutputFolder(spec.Spec.Outputs[index], index);
            foreach (var number in Enumerable.Range(1, Math.Max(1, state.Attempts.Length)))
            {
                mounts.Add(stores.MountAt(JobFolders.OfAttempt(state, number) + folder, StorePlace.Parse(place), replaces: true));
            }
        }

        var links = spec.Origins.Where(origin => ForeignOrigins.Knows(origin.Value)).ToImmutableSortedDictionary(origin => origin.Key, origin => foreign.Of(origin.Value), StringComparer.Ordinal);
        return new MountedStore(mounts.ToImmutable(), spec.Versions, links);
    }

    /// <summary>Where its checkpoints lie. Throws as <see cref="Of(JobSnapshot)"/>.</summary>
    public Mount RootOf(JobSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return stores.MountAt("", StorePlace.Parse(SpecOf(snapshot.State, snapshot.SpecJson).Store ?? StoreSet.BuiltIn));
    }

    /// <summary>The stored spec, remembered.</summary>
    public StoredSpec SpecOf(JobState state, string specJson)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (_remembered.TryGetValue(state.Id.Value, out var known) && known.Json == specJson)
        {
            return known.Spec;
        }

        if (_remembered.Count >= MostRemembered)
        {
            _remembered.Clear();
        }

        var spec = StoredSpec.Parse(specJson);
        _remembered[state.Id.Value] = new(specJson, spec);
        return spec;
    }

    private sealed record Remembered(string Json, StoredSpec Spec);
}
