using System.Collections.Immutable;
using Orchestrator.Attempts;

namespace Orchestrator.Reconciling;

/// <summary>Verified checkpoints that a host could not restore: whether the host or the store is at fault, a comparison of the bytes tells.</summary>
public static class RestoreDoubts
{
    /// <summary>Manifest keys of those that no host has restored since.</summary>
    public static ImmutableHashSet<string> Of(JobState state)
    {
        var doubted = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var attempt in state.Attempts)
        {
            if (attempt.RestoreFrom?.ManifestKey is not { } key)
            {
                continue;
            }

            if (attempt.Reason == EndReason.RestoreRefused)
            {
                doubted.Add(key);
            }
            else if (attempt.TrainingStartedAt is not null)
            {
                doubted.Remove(key);
            }
        }

        return doubted.ToImmutable();
    }

    /// <summary>Whether another host than this attempt's has said so too.</summary>
    internal static bool AreShared(JobState state, Attempt attempt, string manifestKey) => state.Attempts.Any(other =>
        other.Number < attempt.Number && other.Reason == EndReason.RestoreRefused && other.RestoreFrom?.ManifestKey == manifestKey
        && (other.Offer.Host != attempt.Offer.Host || attempt.Offer.Host is null));
}
