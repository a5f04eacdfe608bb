using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Protocol;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>
/// How long a rented host may go on when nobody is heard of any more: no longer than <see cref="EngineOptions.HostLease"/>, and no longer
/// than what is left of the job's budget pays for.
/// </summary>
public sealed class HostLeases(ProviderSet providers, JobStore jobs, EngineOptions options)
{
    /// <summary>A lease that a restart of the server outlasts would end what should go on.</summary>
    private static readonly TimeSpan _least = TimeSpan.FromMinutes(10);

    /// <summary>Often enough that what is left of it hardly matters, and seldom enough to cost nothing.</summary>
    public TimeSpan Every => TimeSpan.FromTicks(Math.Min(options.HostLease.Ticks / 4, TimeSpan.TicksPerMinute));

    /// <summary>Null = it is not leased: a machine of ours.</summary>
    public async Task<LeaseRenewal?> OfAsync(ChannelLease lease, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        // Who has no account to pay from rents nothing.
        if (Sabotage.NoLease || providers.Find(lease.Provider) is not IAccountSource provider)
        {
            return null;
        }

        var state = (await jobs.LoadAsync(lease.Job, cancellation)).State;
        if (state.Attempts.FirstOrDefault(one => one.Number == lease.Attempt)?.Offer is not { } offer)
        {
            return null;
        }

        var now = await jobs.NowAsync(cancellation);
        var term = options.HostLease;
        if (state.LeftAt(now) is { } left && offer.PerHour > Money.Zero)
        {
            var paid = TimeSpan.FromHours(Math.Min(1e6, (double)left.MicroDollars / offer.PerHour.MicroDollars));
            term = paid < term ? paid : term;
        }

        var least = options.HostLease < _least ? options.HostLease : _least;
        term = term < least ? least : term;
        return new LeaseRenewal(now + term) { Seconds = term.TotalSeconds, Destroy = (provider as ISelfEnding)?.EndOf(lease.InstanceId) };
    }
}
