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
    public async Task<ManifestScan> ScanAsync(IReadOnlyCollection<string> jobPrefixes, IReadOnlySet<string> known, IReadOnlySet<string> booked, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(booked);
        var verified = ImmutableArray.CreateBuilder<CheckpointRef>();
        var damaged = ImmutableArray.CreateBuilder<string>();
        await foreach (var key in KeysAsync(store, jobPrefixes, cancellation))
        {
            if (known.Contains(key))
            {
                continue;
            }

            if ((await verifier.VerifyAsync(key, jobPrefixes, compare: !booked.Contains(key), cancellation)).Checkpoint is { } checkpoint)
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

    internal static IAsyncEnumerable<string> KeysAsync(IObjectStore store, IReadOnlyCollection<string> jobPrefixes, CancellationToken cancellation) =>
        jobPrefixes.ToAsyncEnumerable().SelectMany(prefix =>
            store.ListAsync(prefix, cancellation).Select(found => found.Key).Where(key => CheckpointKeys.Parse(key)?.JobPrefix == prefix));
}
