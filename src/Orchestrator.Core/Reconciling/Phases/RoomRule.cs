using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Spending;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// The server's limits hold new rentals back. What is seen here may be stale by the time it is acted on: whoever appends the plan of an
/// attempt asks once more, under a lock.
/// </summary>
internal static class RoomRule
{
    /// <summary>How often a wait is put into words again although it is the same one: the numbers in it change with every other job.</summary>
    private static readonly TimeSpan _sayAgain = TimeSpan.FromMinutes(10);

    /// <summary>A host that is taken over has its room already.</summary>
    public static bool Any(DecisionContext c, ImmutableArray<Offer> offers) => Left(c) is not { } left || offers.Any(offer => offer.Warm is not null || left.FitsAt(offer.Provider, PerHour(c, offer)));

    public static ImmutableArray<Offer> Within(DecisionContext c, ImmutableArray<Offer> offers) =>
        Left(c) is { } left ? offers.RemoveAll(offer => offer.Warm is null && !left.FitsAt(offer.Provider, PerHour(c, offer))) : offers;

    /// <summary>Whether the attempt that runs could be exchanged for one on the offer.</summary>
    public static bool FitsInstead(DecisionContext c, Attempt current, Offer offer) =>
        c.Observation.Room is not { } room
        || room.For([.. Rental.Of(c.State with { Attempts = c.State.Attempts.Remove(current) }, c.Now)], c.State.MostToComeAt(c.Now)).FitsAt(offer.Provider, PerHour(c, offer));

    /// <summary>Whether there is room for the offer beside what runs: what it gives up somebody else may take before it has begun anew.</summary>
    public static bool FitsBeside(DecisionContext c, Offer offer) => Left(c) is not { } left || left.FitsAt(offer.Provider, PerHour(c, offer));

    /// <summary>None of the offers fits. The job stands in line, unless it would not fit even if nothing else ran.</summary>
    public static void Wait(DecisionContext c, ImmutableArray<Offer> offers)
    {
        var left = Left(c)!;
        var worthIt = offers.RemoveAll(offer => !left.FitsAloneAt(offer.Provider, PerHour(c, offer)));
        if (worthIt.IsEmpty)
        {
            var cheapest = offers.MinBy(offer => PerHour(c, offer))!;
            NextAttempt.Wait(c, null, left.LackAloneAt(cheapest.Provider, PerHour(c, cheapest)));
            return;
        }

        var wanted = worthIt.MinBy(offer => PerHour(c, offer))!;
        var least = PerHour(c, wanted);
        if (left.LackAt(wanted.Provider, least) is not { } lack)
        {
            // What fits is barred for a while: whoever cannot use the room there is does not keep it from others.
            NextAttempt.Wait(c, null, "the server's limits leave no room for any other offer than those that failed lately");
            return;
        }

        if (c.State.Phase != JobPhase.Waiting || c.State.RoomWait is not { } said || said.PricePerHour != least || said.Limit != lack.Limit || c.Now >= said.SaidAt + _sayAgain)
        {
            c.Emit(new JobPhaseChanged(JobPhase.Waiting, null) { At = c.Now, Why = Words.Clean(lack.Words), Room = new RoomWait(least, lack.Limit, c.Now) });
        }
    }

    /// <summary>Nobody answers who offers anything: meanwhile it keeps room from nobody.</summary>
    public static void LeaveLine(DecisionContext c)
    {
        if (c.Observation.Room is not null && c.State.RoomWait is not null)
        {
            NextAttempt.Wait(c, null, "no provider answers");
        }
    }

    private static RoomLeft? Left(DecisionContext c) => c.Observation.Room?.LeftTo(c.State, c.Now);

    /// <summary>Disk included.</summary>
    public static Money PerHour(DecisionContext c, Offer offer) => offer.PricePerHour + offer.DiskPerGBMonth.PerGBMonthInHour(c.Observation.Plan?.Loads?.DiskBytes ?? 0);
}
