using System.Collections.Immutable;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Counts what is ours in a store. A bucket may hold millions of objects and lists a thousand at a time, so it stops after a number of
/// objects or a time, and says so.
/// </summary>
/// <param name="epochs">Those of this installation: other installations may share the bucket.</param>
/// <param name="time">For the limit.</param>
public sealed class StoreCounter(IReadOnlySet<string> epochs, TimeProvider time)
{
    /// <summary>Objects that are looked at, ours or not.</summary>
    public long Most { get; init; } = 200_000;

    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Throws <see cref="StoreException"/>.</summary>
    public async Task<StoreUsage> CountAsync(IObjectStore store, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var jobs = new Dictionary<string, ObjectCount>(StringComparer.Ordinal);
        var sources = new ObjectCount(0, 0);
        var (began, seen, isCut) = (time.GetTimestamp(), 0L, false);
        foreach (var root in (string[])["jobs/", SourceUploader.Prefix])
        {
            await foreach (var found in store.ListAsync(root, cancellation))
            {
                if (seen++ >= Most || time.GetElapsedTime(began) > Longest)
                {
                    isCut = true;
                    break;
                }

                if (root == SourceUploader.Prefix)
                {
                    sources = Plus(sources, found);
                }
                else if (found.Key.Split('/', 4) is [_, var job, var epoch, _] && epochs.Contains(epoch))
                {
                    jobs[job] = Plus(jobs.GetValueOrDefault(job, new(0, 0)), found);
                }
            }
        }

        return new(jobs.ToImmutableSortedDictionary(StringComparer.Ordinal), sources, isCut);
    }

    private static ObjectCount Plus(ObjectCount sum, StoredObject found) => new(sum.Objects + 1, sum.Bytes + found.Size);
}
