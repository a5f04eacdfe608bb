using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Reconciling;

/// <summary>
/// How a host passes from one job of a batch to another. The heir's own tick decides that it takes it; whoever appends that appends the giver's
/// half in the same transaction, or neither: an instance is one attempt's at any time.
/// </summary>
public static class Handing
{
    /// <summary>Another job may take its host over now.</summary>
    public static bool IsOffered(this Attempt attempt) => attempt is { Phase: AttemptPhase.Passing, OfferedAt: not null, PassedTo: null, InstanceId: not null } && attempt.Extras.IsEmpty;

    /// <summary>What an heir is offered; null = nothing.</summary>
    /// <param name="giver">The job that has the host.</param>
    /// <param name="fetch">Of code and data what the host does not hold.</param>
    public static Offer? OfferOf(JobState giver, long fetch)
    {
        ArgumentNullException.ThrowIfNull(giver);
        if (giver.Attempts is not [.., { } attempt] || !attempt.IsOffered())
        {
            return null;
        }

        return attempt.Offer.ToOffer() with
        {
            // What it was rented for is what it costs: nobody bids again for what is there.
            BidFloor = null,
            DiskBytes = attempt.Offer.DiskBytes > 0 ? attempt.Offer.DiskBytes : null,
            RunsImages = true,
            Warm = new WarmHost
            {
                Job = giver.Id,
                Attempt = attempt.Number,
                InstanceId = attempt.InstanceId!,
                Label = attempt.ListedAs,
                Owners = (attempt.Warm?.Owners ?? 0) + 1,
                BilledFrom = attempt.Warm?.BilledFrom ?? attempt.BilledFrom!.Value,
                CreatedAt = attempt.Warm?.CreatedAt ?? attempt.LaunchSentAt!.Value,
                DiskBytes = attempt.Offer.DiskBytes,
                FetchBytes = fetch,
            },
        };
    }

    /// <summary>The giver's half of what an heir decided; empty = it has nothing to give any more, and the heir must decide again.</summary>
    /// <param name="giver">As it is when that is appended.</param>
    /// <param name="heir">Who takes it.</param>
    /// <param name="taken">The heir's half.</param>
    public static ImmutableArray<JobEvent> Pass(JobState giver, JobId heir, HostTaken taken)
    {
        ArgumentNullException.ThrowIfNull(giver);
        ArgumentNullException.ThrowIfNull(taken);
        if (giver.Attempts is not [.., { } attempt] || !attempt.IsOffered() || attempt.Number != taken.Host.Attempt || attempt.InstanceId != taken.Host.InstanceId
            || giver.Id != taken.Host.Job || giver.Id == heir || attempt.OfferedAt > taken.At)
        {
            return [];
        }

        return
        [
            new HostPassed(attempt.Number, new HostHeir(heir, taken.Attempt)) { At = taken.At, Why = $"instance {attempt.InstanceId} is job {heir}'s from here on" },
            new AttemptEnded(attempt.Number, attempt.Reason, attempt.CostAt(taken.At), attempt.Reason.IsInterruption()) { At = taken.At, Why = $"its host passed to job {heir}" },
        ];
    }
}
