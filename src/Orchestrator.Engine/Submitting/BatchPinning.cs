using System.Collections.Immutable;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>Pins the jobs of a matrix: what most of them have in common (image, code, data) is looked at once, not forty times.</summary>
internal sealed class BatchPinning(Pinning pinning)
{
    /// <summary>In the order of <paramref name="specs"/>; null when <paramref name="problems"/> got an error.</summary>
    public async Task<ImmutableArray<PinnedSpec>?> PinAsync(IEnumerable<JobSpec> specs, string folder, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        var known = new Dictionary<string, PinnedSpec>(StringComparer.Ordinal);
        var pinned = ImmutableArray.CreateBuilder<PinnedSpec>();
        foreach (var spec in specs)
        {
            var key = new StoredSpec { Spec = Pinned(spec) }.ToJson();
            if (!known.TryGetValue(key, out var same))
            {
                if (await pinning.PinAsync(spec, folder, problems, cancellation) is not { } found)
                {
                    return null;
                }

                known[key] = same = found;
            }

            pinned.Add(same with { Spec = same.Spec with { Spec = spec } });
        }

        return pinned.ToImmutable();
    }

    /// <summary>The part of a spec that pinning looks at; anything that is missed here is only pinned once too often.</summary>
    private static JobSpec Pinned(JobSpec spec) => spec with
    {
        Name = "",
        Run = null,
        Command = [],
        Setup = null,
        Env = ImmutableSortedDictionary<string, string>.Empty,
        Labels = ImmutableSortedDictionary<string, string>.Empty,
        Cell = null,
        Vars = ImmutableSortedDictionary<string, string>.Empty,
    };
}
