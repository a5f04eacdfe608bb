using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

/// <summary>Hours, deadlines, rentals that end, and moves.</summary>
public sealed partial class WorldChecks
{
    private void RentalsAreLeftInTime()
    {
        var needed = world.Terms.DrainGrace + world.Policies.RentalFlush + world.Policies.Clean;
        if (world.State.Attempts.FirstOrDefault(a => a.Phase < AttemptPhase.Draining && !a.IsEnding() && a.Offer.Until - needed <= world.Now) is { } late)
        {
            throw new ViolationException("a rental is left before the cut", $"attempt {late.Number} goes on at {world.Now:O} of {late.Offer.Until:O}");
        }
    }

    /// <summary>By what the spec allows and the world's own clock; the job has failed, and nothing runs beside it.</summary>
    private void KeptHostsAreLetGo()
    {
        if (world.State.Attempts.FirstOrDefault(a => a is { Phase: AttemptPhase.Draining, Held: not null }) is not { } kept)
        {
            return;
        }

        var since = world.Events.OfType<HostHeld>().Single(e => e.Attempt == kept.Number).At;
        var keep = world.Terms.KeepHost!;
        if (world.Now >= since + keep.For || world.Now >= kept.Offer.Until
            || (!kept.Offer.IsFree && kept.CostAt(world.Now) - kept.CostAt(since) > keep.MaxCost))
        {
            throw new ViolationException("a kept host is let go of", $"attempt {kept.Number} is kept at {world.Now:O}, since {since:O} for {keep}");
        }

        if (world.State.Verdict?.Phase != JobPhase.Failed || world.State.Attempts[^1].Number != kept.Number)
        {
            throw new ViolationException("only the last host of a failed job is kept", $"attempt {kept.Number} of {world.State.Attempts.Length}, {world.State.Verdict}");
        }
    }

    private void NothingRunsAtTheWrongHour()
    {
        if (!world.State.Terms.RunWindows.IsEmpty && world.State.Attempts.FirstOrDefault(a => a.Phase < AttemptPhase.Draining && !a.IsEnding()) is { } running
            && !world.State.Terms.RunWindows.Any(w => w.From <= world.Now && world.Now < w.Until)
            && world.Now < world.State.Terms.RunWindows[^1].Until && !(world.State.Net?.LatestStart <= world.Now) && !BeganForItsDeadline(running))
        {
            throw new ViolationException("a job runs in its hours only", $"attempt {running.Number} goes on at {world.Now:O}");
        }
    }

    /// <summary>Outside of its hours; it stays until the next ones end, also where the deadline turns out to be beyond reach.</summary>
    private bool BeganForItsDeadline(Attempt running) => world.State.Terms.Deadline is not null && running.PlannedAt < world.Now
        && !world.State.Terms.RunWindows.Any(window => window.From <= running.PlannedAt && running.PlannedAt < window.Until);

    /// <summary>Once the latest start is there, no hour and no price is waited for, and what begins is what nobody takes away.</summary>
    private void TheDeadlineIsKept(JobState before, Observation observation, ImmutableArray<JobEvent> events)
    {
        if (observation.Plan?.Net is not { Needed: { } needed } net || world.State.Verdict is not null
            || world.Now < world.State.Terms.Deadline - needed - world.Policies.DeadlineMargin)
        {
            return;
        }

        var spent = world.State.SpentAt(world.Now);
        var sure = net.Ranked.Select(offer => offer.Id).ToHashSet(StringComparer.Ordinal);
        if (events.OfType<AttemptPlanned>().FirstOrDefault(planned => !sure.Contains(planned.Offer.OfferId)) is { } risky
            && net.Ranked.Any(offer => !(spent + offer.PricePerHour > world.State.Terms.MaxTotal) && HasRoom(before, observation, offer)))
        {
            throw new ViolationException("a deadline is kept", $"attempt {risky.Attempt} begins on {risky.Offer.OfferId} at {world.Now:O}");
        }

        if (before.Net is not null && world.State.Phase == JobPhase.Scheduled && !(world.State.Terms.NotBefore > world.Now) && world.State.NotBefore > world.Now)
        {
            throw new ViolationException("a deadline is kept", $"it waits for its hours at {world.Now:O}: {world.State.PhaseReason}");
        }

        if (events.OfType<JobPhaseChanged>().Any(change => change.Why.Contains("the job starts below", StringComparison.Ordinal) || change.Why.Contains("more than usual", StringComparison.Ordinal))
            && world.State.Phase == JobPhase.Waiting && net.Ranked.Any(offer => !(spent + offer.PricePerHour > world.State.Terms.MaxTotal)))
        {
            throw new ViolationException("a deadline is kept", $"it waits for a price at {world.Now:O}: {world.State.PhaseReason}");
        }
    }

    /// <summary>Who moves to save money leaves no work behind, has the money for it, and does not go to and fro.</summary>
    private void MovesAreSafe(Observation observation, ImmutableArray<JobEvent> events)
    {
        if (events.OfType<AttemptEnding>().FirstOrDefault(ending => ending.Reason == EndReason.CheaperElsewhere) is not { } moved)
        {
            return;
        }

        if (world.State.Checkpoints is not [.., { } newest] || newest.Attempt != moved.Attempt || !world.Store.HasFiles(newest.ManifestKey))
        {
            throw new ViolationException("a move leaves no work behind", $"attempt {moved.Attempt} has nothing of its own in the store");
        }

        if (world.State.Terms.MaxTotal is { } max && observation.Plan!.Move!.To.All(to => world.State.SpentAt(world.Now) + to.Offer.PricePerHour.PerHourFor(TimeSpan.FromMinutes(5)) > max))
        {
            throw new ViolationException("spend is bounded", $"attempt {moved.Attempt} moves with {world.State.SpentAt(world.Now)} of {max} spent");
        }

        var moves = world.State.Attempts.Count(attempt => attempt.Reason == EndReason.CheaperElsewhere && attempt.EndingSince > world.Now.AddDays(-1));
        if (moves > world.Policies.MovesPerDay)
        {
            throw new ViolationException("no job moves to and fro", $"{moves} moves within a day");
        }
    }

    private bool HasRoom(JobState before, Observation observation, Offer offer) => observation.Room is not { } room
        || room.LeftTo(before, world.Now).FitsAt(offer.Provider, OfferTaken.Of(offer, observation.Plan?.Loads).PerHour);
}
