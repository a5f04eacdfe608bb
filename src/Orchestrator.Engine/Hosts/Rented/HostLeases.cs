using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Protocol;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>Renews the lease of what is rented.</summary>
public sealed class HostLeases(ProviderSet providers, JobStore jobs)
{
    /// <summary>Never rarer: often enough that what is left of a lease hardly matters, and seldom enough to cost nothing.</summary>
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(1);

    /// <summary>Null = it is not leased: a machine of ours.</summary>
    public async Task<LeaseRenewal?> OfAsync(ChannelLease lease, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        // Who has no account to pay from rents nothing.
        if (Sabotage.NoLease || providers.Find(lease.Provider) is not IAccountSource provider)
        {
            return null;
        }

        var snapshot = await jobs.LoadAsync(lease.Job, cancellation);
        if (snapshot.State.Attempts.FirstOrDefault(one => one.Number == lease.Attempt) is not { } attempt)
        {
            return null;
        }

        var now = await jobs.NowAsync(cancellation);
        var term = LeaseTerm.Of(StoredSpec.Parse(snapshot.SpecJson).Spec.Reliability.HostLease, snapshot.State.LeftAt(now), attempt.Offer.PerHour, attempt.Held?.Until - now);
        return new LeaseRenewal(now + term) { Seconds = term.TotalSeconds, Destroy = (provider as ISelfEnding)?.EndOf(lease.InstanceId) };
    }

    /// <summary>When a lease of that term is due to be renewed.</summary>
    public static TimeSpan PauseOf(TimeSpan term) => term / 4 < _longestPause ? term / 4 : _longestPause;
}
