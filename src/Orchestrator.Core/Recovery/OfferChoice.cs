using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Recovery;

/// <summary>
/// Which of the ranked offers to take after what happened so far. A provider that a person must mend is left alone; a host
/// that failed lately is taken only when nothing else is there, so that a job on the only machine is never stuck. One to which the
/// registry refused the image is left alone for a while all the same: asking at once again would not be another answer.
/// </summary>
/// <param name="Offer">Null = none now.</param>
/// <param name="Until">Nothing else can change before, with <paramref name="Offer"/> null; null = offers are looked at as ever.</param>
/// <param name="Why">For a person, with <paramref name="Offer"/> null.</param>
public sealed record OfferChoice(Offer? Offer, DateTimeOffset? Until, string Why)
{
    public static OfferChoice Of(JobState state, ImmutableArray<Offer> ranked, Policies policies, DateTimeOffset now)
    {
        Offer? second = null;
        DateTimeOffset? until = null;
        var why = "";
        Attempt? denied = null;
        foreach (var offer in ranked)
        {
            var barred = state.Attempts.LastOrDefault(a => a.Offer.Provider == offer.Provider && BarredUntil(a, policies) > now);
            if (barred is not null)
            {
                var end = BarredUntil(barred, policies);
                (until, why) = until is null || end < until ? (end, barred.Why) : (until, why);
            }
            else if (state.Attempts.LastOrDefault(a => IsSamePlace(a.Offer, offer) && a.Reason == EndReason.ImageDenied && a.EndingSince + policies.DeniedWait > now) is { } refused)
            {
                denied ??= refused;
            }
            else if (state.Attempts.Any(a => IsSamePlace(a.Offer, offer) && FailedAt(a) is { } at && at + policies.AvoidHost > now))
            {
                second ??= offer;
            }
            else
            {
                return new OfferChoice(offer, null, "");
            }
        }

        // Another machine may become free at any time.
        return denied is null ? new OfferChoice(second, until, why) : new OfferChoice(second, null, denied.Why);
    }

    /// <summary>
    /// Whether a job that runs well may go there: nothing of its provider and no end at that place speaks against it. For longer than when a
    /// job must go somewhere: a place that is listed and refuses would else be moved to again and again.
    /// </summary>
    public static bool IsOpen(JobState state, Offer offer, Policies policies, DateTimeOffset now) =>
        !state.Attempts.Any(a => a.IsEnding() && a.EndingSince + policies.MoveAvoids > now
            && (IsSamePlace(a.Offer, offer) || (a.Offer.Provider == offer.Provider && BarredUntil(a, policies) is not null)));

    private static DateTimeOffset? BarredUntil(Attempt attempt, Policies policies) => attempt.Refusal switch
    {
        RefusalKind.Unauthorized or RefusalKind.InsufficientFunds or RefusalKind.Gone => attempt.EndingSince + policies.ProviderWait,
        RefusalKind.RateLimited => attempt.EndingSince + policies.RateWait,
        RefusalKind.NoCapacity or RefusalKind.Rejected or RefusalKind.NotFound or null => null,
    };

    private static DateTimeOffset? FailedAt(Attempt attempt) =>
        attempt.IsEnding() && attempt.Reason.Recovery() == RecoveryClass.RetryElsewhere ? attempt.EndingSince : null;

    private static bool IsSamePlace(OfferTaken taken, Offer offer) =>
        taken.Provider == offer.Provider && (taken.Host is not null && offer.Host is not null ? taken.Host == offer.Host : taken.OfferId == offer.Id);
}
