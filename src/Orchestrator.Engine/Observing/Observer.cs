using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Observing;

/// <summary>Gathers what one tick sees: providers through the shared caches, agents through the database, never a host itself.</summary>
public sealed class Observer(ListingCache listings, JobPlans plans, AgentStore agents, RoomStore rooms, BatchStore batches, Attendance attendance, EngineOptions options, ILogger<Observer> log)
{
    /// <summary>Agent events one tick looks at; more wait for the next.</summary>
    private const int MaxAgentEvents = 200;

    /// <param name="snapshot">The job.</param>
    /// <param name="now">The instant.</param>
    /// <param name="mayPlan">False = nothing is planned, whatever the kernel would ask.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Observation> ObserveAsync(JobSnapshot snapshot, DateTimeOffset now, bool mayPlan, CancellationToken cancellation)
    {
        // First: a tick that finds nobody was here for hours must know it before it counts any deadline.
        var unattended = await UnattendedAsync(snapshot.State, cancellation);
        var seen = ImmutableArray.CreateBuilder<AttemptObservation>();
        foreach (var attempt in snapshot.State.Attempts)
        {
            if (attempt.IsLive())
            {
                seen.Add(await ObserveAsync(snapshot.State, attempt, cancellation));
            }
        }

        var wantsOffers = mayPlan && Kernel.WantsOffers(snapshot.State, options.Policies, now);
        var batch = mayPlan && snapshot.State.Terms.Batch is { } of && (wantsOffers || (of.SharesBudget && snapshot.State.Attempts is [.., { Phase: < AttemptPhase.Terminating }])
            || (of.ReusesHosts && snapshot.State.Attempts is [.., { Phase: AttemptPhase.Draining or AttemptPhase.Passing }])) ? await batches.LookAsync(snapshot.State.Id, cancellation) : null;
        // Whose turn it is not needs no market.
        var (plan, room) = wantsOffers && (batch?.Hold is null || snapshot.State.Current() is not null) ? await MarketAsync(Supplied(snapshot, batch), batch?.Warm ?? [], now, cancellation) : default;
        return new Observation
        {
            Inbox = snapshot.Inbox,
            Plan = plan,
            Room = room,
            Batch = batch,
            Attempts = seen.ToImmutable(),
            Unattended = unattended,
        };
    }

    /// <summary>A job that shares its budget is planned with all that it may take of it.</summary>
    private static JobSnapshot Supplied(JobSnapshot snapshot, BatchView? batch) =>
        batch?.MostFor(snapshot.State.Terms) is { } most ? snapshot with { State = snapshot.State with { Terms = snapshot.State.Terms with { MaxTotal = most } } } : snapshot;

    private async Task<(PlanView? Plan, Room? Room)> MarketAsync(JobSnapshot snapshot, ImmutableArray<Offer> warm, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            var room = await rooms.LookAsync(options.Limits, snapshot.State.Id, cancellation);
            return (await plans.ViewAsync(snapshot, room, warm, now, cancellation), room);
        }
        catch (Exception failure) when (snapshot.State.Current() is not null && !cancellation.IsCancellationRequested)
        {
            // What runs is watched, saved and ended in time all the same; of a job that waits the tick fails, for everybody to see.
            log.LogWarning(failure, "job {Job}: no plan could be made for what runs; it goes on where it is", snapshot.State.Id);
            return default;
        }
    }

    /// <summary>Only what concerns the attempts that live: it is recorded with the tick.</summary>
    private async Task<ImmutableArray<UnattendedTime>> UnattendedAsync(JobState state, CancellationToken cancellation) =>
        state.Attempts.FirstOrDefault(attempt => attempt.IsLive()) is { PlannedAt: var since }
            ? (await attendance.UnattendedAsync(cancellation)).RemoveAll(away => away.Until <= since)
            : [];

    private async Task<AttemptObservation> ObserveAsync(JobState state, Attempt attempt, CancellationToken cancellation)
    {
        ListingView? view = null;
        if (attempt.LaunchSentAt is not null && await listings.GetAsync(attempt.Offer.Provider, options.ListingAge, cancellation) is { } listing
            && listing.Seen.SpeaksFor(attempt.Offer.Host))
        {
            view = Sighted(listing, attempt);
        }

        return new AttemptObservation
        {
            Number = attempt.Number,
            Listing = view,
            Agent = attempt.InstanceId is null ? null : await agents.ViewAsync(state.Id, attempt.Number, attempt.AgentSeq, MaxAgentEvents, cancellation),
        };
    }

    /// <summary>
    /// Null where another host of the provider lists the launch and its own does not: a name has moved to another machine, or a disk was
    /// copied. That is neither the instance's end nor an extra one. An account that rents is taken at its word: what carries our label there is
    /// ours, whatever machine it says, and somebody must end it.
    /// </summary>
    internal static ListingView? Sighted(Listing listing, Attempt attempt)
    {
        var ofLabel = listing.Instances
            .Where(instance => string.Equals(instance.Label, attempt.ListedAs, StringComparison.Ordinal) && !(Sabotage.NoLabelLookup && attempt.InstanceId is null))
            .ToList();
        var here = ofLabel.Where(instance => instance.Host is null || attempt.Offer.Provider != OwnMachines.Provider || attempt.Offer.Host is null || instance.Host == attempt.Offer.Host).ToList();
        return here.Count == 0 && ofLabel.Count > 0
            ? null
            : new ListingView
            {
                AskedAt = listing.AskedAt,
                Instances =
                [
                    .. here.OrderBy(instance => instance.InstanceId, StringComparer.Ordinal)
                        .Select(instance => new InstanceSighting(instance.InstanceId, instance.Status, instance.Words, instance.Term, instance.PerHour)),
                ],
            };
    }
}
