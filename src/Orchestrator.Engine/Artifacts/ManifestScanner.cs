using System.Collections.Immutable;
using Orchestrator.Checkpoints;

namespace Orchestrator.Engine.Artifacts;

/// <summary>Finds what a job's attempts stored while nobody looked.</summary>
public sealed class ManifestScanner(IObjectStore store, ManifestVerifier verifier)
{
    /// <summary>Verifies every manifest of the job's attempts that is not in <paramref name="known"/>. Throws when the store could not be asked: a scan is whole or none.</summary>
    /// <param name="jobPrefixes">One for each epoch the job has lived in, with a trailing slash.</param>
    /// <param name="known">Manifest keys to leave alone.</param>
    /// <param name="booked">Manifest keys whose bytes were compared before and that no host has called damaged since: a host waits, and compares them again as it restores.</param>
    /// <param name="cancellation">Ends the scan.</param>
    /// <param name="compare">Verifies one that is not booked, bytes and all; null = here and now.</param>
    public async Task<ManifestScan> ScanAsync(
        IReadOnlyCollection<string> jobPrefixes, IReadOnlySet<string> known, IReadOnlySet<string> booked, CancellationToken cancellation, Func<string, CancellationToken, Task<ManifestVerdict>>? compare = null)
    {
        compare ??= (key, stop) => verifier.VerifyAsync(key, jobPrefixes, compare: true, stop);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(booked);
        var verified = ImmutableArray.CreateBuilder<CheckpointRef>();
        var damaged = ImmutableArray.CreateBuilder<string>();
        var listed = await ListAsync(jobPrefixes, cancellation);
        foreach (var key in listed.Keys.Where(key => CheckpointKeys.Parse(key) is { } place && jobPrefixes.Contains(place.JobPrefix)))
        {
            if (known.Contains(key))
            {
                continue;
            }

            // One question per file of what only has to be there would be minutes of a host that is paid; the list has said it.
            var verdict = booked.Contains(key) ? await verifier.VerifyAsync(key, jobPrefixes, compare: false, cancellation, listed) : await compare(key, cancellation);
            if (verdict.Checkpoint is { } checkpoint)
            {
                verified.Add(checkpoint);
            }
            else
            {
                damaged.Add(key);
            }
        }

        verified.Sort(CheckpointAge.Instance);
        return new(verified.ToImmutable(), damaged.ToImmutable());
    }

    /// <summary>Everything of checkpoints, and nothing of outputs, which may be many more.</summary>
    private async Task<Dictionary<string, StoredObject>> ListAsync(IReadOnlyCollection<string> jobPrefixes, CancellationToken cancellation)
    {
        var listed = new Dictionary<string, StoredObject>(StringComparer.Ordinal);
        foreach (var prefix in jobPrefixes)
        {
            await foreach (var one in store.ListAsync(prefix, cancellation).Where(one => one.Key.Contains("/checkpoints/", StringComparison.Ordinal)))
            {
                listed[one.Key] = one;
            }
        }

        return listed;
    }

    internal static IAsyncEnumerable<string> KeysAsync(IObjectStore store, IReadOnlyCollection<string> jobPrefixes, CancellationToken cancellation) =>
        jobPrefixes.ToAsyncEnumerable().SelectMany(prefix =>
            store.ListAsync(prefix, cancellation).Select(found => found.Key).Where(key => CheckpointKeys.Parse(key)?.JobPrefix == prefix));
}
