using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Artifacts;

/// <summary>What reading a job's data and checkpoints costs where they lie: the dearest of its stores counts for all.</summary>
public sealed class EgressPrices(StoreSet stores)
{
    /// <summary>Null = one of them is not known.</summary>
    public Money? Of(StoredSpec stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return Dearest(stored.Origins.Values.Where(place => !ForeignOrigins.Knows(place)).Append(stored.Store ?? StoreSet.BuiltIn).Select(StorePlace.Parse));
    }

    /// <summary>Of a spec that is not submitted yet: what it names, or the default store.</summary>
    public Money? Of(JobSpec spec) => Dearest([PlaceOf(spec) ?? new StorePlace(stores.DefaultName, "")]);

    /// <summary>Where the spec's checkpoints would lie; null = it names a store that is not here.</summary>
    public StorePlace? PlaceOf(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Checkpoints?.To is { } named ? stores.Resolve(named).Place : new StorePlace(stores.DefaultName, "");
    }

    private Money? Dearest(IEnumerable<StorePlace> places)
    {
        var dearest = Money.Zero;
        foreach (var place in places)
        {
            if (stores.All.FirstOrDefault(store => store.Name == place.Store)?.KnownEgress is not { } price)
            {
                return null;
            }

            dearest = price > dearest ? price : dearest;
        }

        return dearest;
    }
}
