using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>What failed in a batch, once more.</summary>
public sealed partial class JobService
{
    /// <summary>
    /// Retries every job of the batch that failed, or was cancelled because another did, and has no retry yet, as jobs of the same batch. Asked
    /// again it goes on where it was refused. Throws <see cref="StartRefusedException"/> as <see cref="RetryAsync"/> does.
    /// </summary>
    /// <returns>The new jobs; and what the first one was refused for, none of those after it was tried.</returns>
    public async Task<(ImmutableArray<JobId> Jobs, SubmitResult? Refused)> RetryFailedAsync(long batch, RetryRequest wanted, CancellationToken cancellation)
    {
        var begun = ImmutableArray.CreateBuilder<JobId>();
        foreach (var failed in await batches.FailedAsync(batch, cancellation))
        {
            var result = await RetryAsync(failed, wanted, cancellation);
            if (result.Job is not { } job)
            {
                return (begun.ToImmutable(), result);
            }

            begun.Add(job);
        }

        return (begun.ToImmutable(), null);
    }
}
