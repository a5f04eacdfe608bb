using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>Settles which stores a spec's names mean.</summary>
internal static class DeliveryPlaces
{
    /// <summary>By the output's index; those without a <c>to</c> lie with the checkpoints.</summary>
    internal static ImmutableSortedDictionary<int, string> Of(JobSpec spec, StoreSet stores, ImmutableArray<Problem>.Builder problems)
    {
        var deliveries = ImmutableSortedDictionary.CreateBuilder<int, string>();
        Dictionary<string, string> taken = new(StringComparer.Ordinal);
        for (var i = 0; i < spec.Outputs.Length; i++)
        {
            var field = SpecPlaces.Item("outputs", i) + ".to";
            if (spec.Outputs[i].To is not { } to || Place(to, stores, field, problems) is not { } place)
            {
                continue;
            }

            // Two names may mean one bucket. Of two files of one name only the second would be left.
            var where = stores.Whereabouts(place);
            if (!taken.TryAdd(where, field))
            {
                problems.Add(JobService.Error(field, $"{field}: \"{to}\" is the place that {taken[where]} means too; files of one name would overwrite each other", "give each a prefix of its own"));
            }

            deliveries.Add(i, place.ToString());
        }

        return deliveries.ToImmutable();
    }

    /// <summary>Null with a problem when it names no store.</summary>
    internal static StorePlace? Place(string to, StoreSet stores, string path, ImmutableArray<Problem>.Builder problems)
    {
        var (place, words) = stores.Resolve(to);
        if (place is null)
        {
            problems.Add(JobService.Error(path, $"{path}: {words}", "name one of them as store or store/prefix, or add it to orchestrator.yaml"));
        }

        return place;
    }
}
