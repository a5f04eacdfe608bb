using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Tests.Properties;

/// <summary>What is spent, and what providers would bill.</summary>
public sealed partial class WorldChecks
{
    private void BudgetHolds()
    {
        if (world.State.Terms.MaxTotal is { } max && world.State.SpentAt(world.Now) is var spent && spent > max
            && world.State.Attempts.FirstOrDefault(a => a.Phase < AttemptPhase.Terminating) is { } alive)
        {
            throw new ViolationException("spend is bounded", $"attempt {alive.Number} goes on with {spent} of {max} spent");
        }
    }

    /// <summary>As a provider would bill it: from the world's own offer, and what the host really fetched. Of what it sent, what was heard of.</summary>
    private Money BillOf(SimInstance instance, Attempt owner, DateTimeOffset gone)
    {
        var offer = world.OfferOf(owner);
        var agent = world.Agents[instance.Id];
        var time = gone - instance.CreatedAt - Unsettled(owner, instance.Id);
        var received = agent.Fetched + (instance.RunsFrom < gone ? World.Loads.ImageBytes : 0);
        return Dollars(owner.Offer.PricePerHour, Math.Ceiling(time / offer.BillingUnit) * offer.BillingUnit.TotalHours)
            + Dollars(offer.DiskPerGBMonth, World.Loads.DiskBytes / 1e9 * time.TotalHours / 730)
            + Dollars(offer.DownPerGB, received / 1e9) + Dollars(World.Loads.EgressPerGB, agent.Fetched / 1e9)
            + Dollars(offer.UpPerGB, Math.Min(agent.Sent, owner.SentBytes) / 1e9);
    }

    private static Money Dollars(Money each, double count) => new((long)Math.Floor(each.MicroDollars * Math.Max(0, count)));

    /// <summary>
    /// Where a destroy was accepted and did nothing: no two lists showed a settling time later that it was still there, so that nobody could know.
    /// </summary>
    private DateTimeOffset KnownEnd(SimInstance instance, Attempt owner, DateTimeOffset gone) =>
        instance.IgnoredAt is not null && owner.InstanceId == instance.Id && owner.DestroyAcceptedAt is { } accepted && accepted < gone && instance.ShownBefore <= accepted + world.Policies.Settling
            ? accepted
            : gone;

    /// <summary>The ledger never shows less than the bill of what was on the books.</summary>
    private void LedgerCoversTheBill()
    {
        var bill = Money.Zero;
        foreach (var instance in world.Provider.Instances)
        {
            var owner = world.State.Attempts.First(a => a.ListedAs == instance.Label);
            // What several owned is held to the sum of what they paid (BatchFleet). One that came and went unseen while the API was away is beyond any books.
            var known = owner.Warm is null && world.Events.Any(e => e is InstanceFound f && f.InstanceId == instance.Id);
            if (known && !instance.Exempt && instance.GoneAt is { } gone)
            {
                bill += BillOf(instance, owner, KnownEnd(instance, owner, gone));
            }
        }

        if (world.State.SpentAt(world.Now) < bill)
        {
            throw new ViolationException("the ledger covers the bill", $"{world.State.SpentAt(world.Now)} on the books, {bill} billed");
        }
    }

    /// <summary>The meter leaves out what was free in truth and nothing else, and is never above what the budget counts.</summary>
    private void TheMeterCoversTheBill()
    {
        foreach (var attempt in world.State.Attempts)
        {
            if (world.Provider.Instances.FirstOrDefault(i => i.Id == attempt.InstanceId) is not { Exempt: false, GoneAt: { } end } instance || OwnMachines.Has(attempt.Offer.Host))
            {
                continue;
            }

            // A list that lacks it for a moment, and no list after that until it is gone: nobody can tell the one from the other.
            var gone = attempt.Reason == EndReason.InstanceGone && attempt.AbsentSince < end ? attempt.AbsentSince.Value : KnownEnd(instance, attempt, end);
            var metered = InstanceCost.Of(attempt, new InstanceSeen { InstanceId = instance.Id, Spared = [.. instance.Spared] }, BillingRules.Dearest, world.Now).Metered;
            var free = instance.Offline is { } away && away.From < gone ? (away.Until < gone ? away.Until : gone) - away.From : TimeSpan.Zero;
            // A list that lacks it for a moment may be taken for the first of those that lack it for good.
            var unit = attempt.Warm is null ? TimeSpan.Zero : attempt.Offer.BillingUnit;
            var billed = gone - (attempt.Warm is null ? instance.CreatedAt : attempt.BilledFrom!.Value) - free - world.Policies.Settling - unit;
            if (metered.Compute < Dollars(attempt.Offer.PricePerHour, billed.TotalHours) || metered.Total > attempt.Cost + attempt.Offer.PricePerHour.PerHourFor(unit))
            {
                throw new ViolationException("the meter covers the bill", $"{metered} for {instance.Id}, which was there for {gone - instance.CreatedAt} and free for {free}; the budget counts {attempt.Cost}");
            }
        }
    }

    /// <summary>On a machine of one's own: how long nobody waited any more for what turned up after all.</summary>
    private TimeSpan Unsettled(Attempt owner, string instance)
    {
        var found = world.Events.OfType<InstanceFound>().First(f => f.InstanceId == instance).At;
        return OwnMachines.Has(owner.Offer.Host) && owner.EndingSince is { } given && given < found ? found - given : TimeSpan.Zero;
    }
}
