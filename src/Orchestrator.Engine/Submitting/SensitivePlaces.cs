using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary><c>sensitive</c>: what such a job reads and stores must not be readable on its way. Sources at https URLs and on the Hub never are.</summary>
internal static class SensitivePlaces
{
    public static void Check(JobSpec spec, IEnumerable<(string Path, string Place)> places, StoreSet stores, ImmutableArray<Problem>.Builder problems)
    {
        if (!spec.Sensitive)
        {
            return;
        }

        foreach (var (path, text) in places)
        {
            if (!ForeignOrigins.Knows(text) && StorePlace.Parse(text) is var place && stores.IsOpenToReaders(place))
            {
                problems.Add(JobService.Error(
                    path, $"the job is sensitive and the store \"{place.Store}\" is reached over plain http", "give it an https endpoint in orchestrator.yaml, or name another store"));
            }
        }
    }
}
