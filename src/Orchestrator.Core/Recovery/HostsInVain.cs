using Orchestrator.Attempts;
using Orchestrator.Reconciling;

namespace Orchestrator.Recovery;

/// <summary>
/// Rented hosts on which a job came to nothing before it ever trained. One is bad luck; where each of several others fails as well, the cause
/// goes with the job (an image that does not start, a store that no host reaches), and looking further only costs.
/// </summary>
internal static class HostsInVain
{
    /// <summary>A host in ten is bad at the worst markets: so many in a row are no accident.</summary>
    private const int Most = 5;

    /// <param name="state">With the newest attempt's end already counted.</param>
    /// <param name="ended">The newest attempt.</param>
    /// <returns>What to say when it is time to stop; null = the next host may be tried.</returns>
    public static string? Told(JobState state, Attempt ended)
    {
        if (!state.Attempts.All(attempt => attempt.TrainingStartedAt is null) || !IsInVain(ended))
        {
            return null;
        }

        // Counted since a person last had a say. What is outbid or refused before it costs says nothing of the job.
        var hosts = state.Attempts.Where(attempt => attempt.IsFruitless(attempt.Reason))
            .TakeLast(state.FruitlessAttempts).Where(IsInVain).Select(attempt => attempt.Offer.Host ?? $"{attempt.Offer.Provider} {attempt.Offer.OfferId}").Distinct(StringComparer.Ordinal).Count();
        return hosts < Most
            ? null
            : $"{hosts} rented hosts came to nothing before it ever trained, so it is hardly their fault; the last: {ended.Why}. See that the image starts (it needs /bin/sh, and sshd or a package manager that brings it) and that hosts reach its store; then: orchestrator resume {state.Name}";
    }

    private static bool IsInVain(Attempt attempt) =>
        !attempt.Offer.IsFree && attempt.BilledFrom is not null
        && attempt.Reason is EndReason.NeverBooted or EndReason.NeverConnected or EndReason.CheckFailed or EndReason.StageFailed;
}
