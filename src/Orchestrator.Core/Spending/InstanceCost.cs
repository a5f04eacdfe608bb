using Orchestrator.Attempts;
using Orchestrator.Offers;

namespace Orchestrator.Spending;

/// <summary>What one instance has cost, and what of it was for nothing.</summary>
/// <param name="Life">By which it was metered.</param>
/// <param name="Metered">All of it.</param>
/// <param name="LostWork">Compute from the newest checkpoint in the store to the interruption.</param>
/// <param name="NeverBooted">Its infrastructure failed before anything was trained there: all of it was for nothing.</param>
public sealed record InstanceCost(InstanceLife Life, Metered Metered, Money LostWork, bool NeverBooted)
{
    /// <summary>What the same hours, disk and gigabytes would have cost on demand; null = no such price was known when it was chosen.</summary>
    public Money? OnDemand { get; init; }

    /// <param name="attempt">Whose instance it is.</param>
    /// <param name="seen">What is known of it.</param>
    /// <param name="rules">Of its provider.</param>
    /// <param name="now">Until when one that lives is metered.</param>
    public static InstanceCost Of(Attempt attempt, InstanceSeen seen, BillingRules rules, DateTimeOffset now)
    {
        var offer = attempt.Offer;
        var life = LifeOf(attempt, seen, now);
        if (seen.Extra)
        {
            // It did nothing but be there, and pull the image as well.
            var idle = Meter.Of(offer, rules, life, offer.ImageBytes, 0, 0);
            return new(life, idle, Money.Zero, NeverBooted: true) { OnDemand = OnDemandOf(offer, rules, life, idle, null) };
        }

        var fetched = attempt.RestoreDecided ? offer.DataBytes + (attempt.RestoreFrom?.Bytes ?? 0) : 0;
        var metered = Less(Meter.Of(offer, rules, WholeOf(attempt, seen, life), offer.ImageBytes + fetched, fetched, attempt.SentBytes), Before(attempt, seen, life, offer, rules));
        metered = attempt.IsEnding() ? metered with { Moves = metered.Moves + attempt.ProbablyOnItsWay() } : metered;
        return new(life, metered, LostBy(attempt, seen, metered), attempt.Reason.IsInterruption() && attempt.TrainingStartedAt is null)
        {
            OnDemand = OnDemandOf(offer, rules, WholeOf(attempt, seen, life), metered, attempt.Warm is null ? null : Before(attempt, seen, life, offer with { PricePerHour = offer.OnDemandPerHour ?? offer.PricePerHour }, rules)),
        };
    }

    /// <summary>Of an instance that others had before, its life from the start on: units that they have begun are theirs, and nothing is counted twice.</summary>
    private static InstanceLife WholeOf(Attempt attempt, InstanceSeen seen, InstanceLife life) => attempt.Warm is { CreatedAt: var created }
        ? life with { CreatedAt = created, RunningAt = seen.RunningAt is { } running && running > created ? running : created }
        : life;

    /// <summary>What those had of it; null = nobody had.</summary>
    private static Metered? Before(Attempt attempt, InstanceSeen seen, InstanceLife life, OfferTaken offer, BillingRules rules) => attempt is { Warm: not null, BilledFrom: { } taken }
        ? Meter.Of(offer, rules, WholeOf(attempt, seen, life) with { GoneAt = taken }, 0, 0, 0)
        : null;

    private static Metered Less(Metered whole, Metered? before) =>
        before is null ? whole : whole with { Compute = whole.Compute - before.Compute, Disk = whole.Disk - before.Disk };

    private static Money? OnDemandOf(OfferTaken offer, BillingRules rules, InstanceLife life, Metered metered, Metered? before) => offer switch
    {
        { Capacity: CapacityType.OnDemand } => metered.Total,
        { OnDemandPerHour: { } price } => metered.Total - metered.Compute + Less(Meter.Of(offer with { PricePerHour = price }, rules, life, 0, 0, 0), before).Compute,
        _ => null,
    };

    private static InstanceLife LifeOf(Attempt attempt, InstanceSeen seen, DateTimeOffset now)
    {
        var created = attempt.LaunchSentAt ?? attempt.PlannedAt;
        if (seen.Extra)
        {
            // Nobody looked whether it ran.
            return new(created, created, seen.GoneAt ?? now) { Spared = seen.Spared };
        }

        // One that was gone before anybody asked for it: since the list that first lacked it.
        var gone = attempt.Reason == EndReason.InstanceGone && attempt.AbsentSince < attempt.DestroyAcceptedAt ? attempt.AbsentSince : attempt.DestroyAcceptedAt ?? attempt.EndedAt;
        var running = seen.RunningAt ?? (attempt.TrainingStartedAt is null ? null : attempt.InstanceFoundAt);
        // The provider's clock is not ours.
        return new(created, running < created ? created : running, gone ?? now) { Spared = seen.Spared };
    }

    /// <summary>What a checkpoint that was still on its way has saved counts as lost.</summary>
    private static Money LostBy(Attempt attempt, InstanceSeen seen, Metered metered)
    {
        if (!attempt.Reason.IsInterruption() || attempt.TrainingStartedAt is not { } started || attempt.TrainingEndedAt is not { } ended)
        {
            return Money.Zero;
        }

        var lost = attempt.Offer.PricePerHour.PerHourFor(ended - (seen.SavedAt > started ? seen.SavedAt.Value : started));
        return lost < metered.Compute ? lost : metered.Compute;
    }
}
