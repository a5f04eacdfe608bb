using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Tests.Properties;

/// <summary>The safety properties of design.md section 4, checked against the world itself, not against the books.</summary>
public sealed class WorldChecks(World world)
{
    private readonly HashSet<string> _restored = [];
    private CheckpointRef? _lastRestore;

    public void AfterTick(JobState before, Observation observation, ImmutableArray<JobEvent> events)
    {
        UnknownDestroysNothing(before, observation, events);
        OurAbsenceEndsNothing(before, events);
        BudgetHolds();
        CheckpointsAreWhole();
        RentalsAreLeftInTime();
        NothingRunsAtTheWrongHour();
        TheDeadlineIsKept(before, observation, events);
        MovesAreSafe(observation, events);
        // Nothing new and nothing decided: the same call again cannot say more.
        var quiet = events.IsEmpty && observation.Inbox.IsEmpty;
        if (!world.Mind.IsDecideChecked || (quiet && world.Ticks % 8 != 0))
        {
            return;
        }

        var again = world.Mind.Decide(world.State, observation with { Inbox = [] }, world.Policies, world.Now);
        if (!again.IsEmpty)
        {
            throw new ViolationException("Decide is idempotent", $"decided again: {string.Join(", ", again)} after {string.Join(", ", events)}");
        }

        UnknownDecidesNothing(before, events, observation.Unattended);
    }

    /// <summary>No create call while anything of this job may be billed, but for the recorded overlap.</summary>
    public void Launching(LaunchInstance launch)
    {
        foreach (var other in world.Provider.Instances)
        {
            if (other.Exempt || !other.BillsAt(world.Now))
            {
                continue;
            }

            var owner = world.State.Attempts.First(a => a.Label == other.Label);
            var overlap = owner.Number < launch.Attempt && owner.Phase == AttemptPhase.Terminating
                && world.AttendedSince(owner.PhaseSince) >= world.Policies.LossMaxWait
                && world.Events.OfType<AttemptPlanned>().Single(p => p.Attempt == launch.Attempt).Why.Contains("both may cost", StringComparison.Ordinal);
            if (!overlap)
            {
                throw new ViolationException("one billable instance", $"create call {launch.Attempt}.{launch.Send} while {other.Id} of attempt {owner.Number} ({owner.Phase}) is billed");
            }
        }

        if (world.State.Terms.MaxTotal is { } max && world.State.SpentAt(world.Now) > max)
        {
            throw new ViolationException("spend is bounded", $"a create call with {world.State.SpentAt(world.Now)} of {max} spent");
        }
    }

    public void Happened(JobEvent e)
    {
        if (e is RestoreChosen { Checkpoint: var chosen })
        {
            var best = world.State.Checkpoints.Where(c => !c.Late).Max(c => c.Step) ?? 0;
            if ((chosen?.Step ?? 0) < best)
            {
                throw new ViolationException("the newest verified checkpoint is used", $"step {chosen?.Step} chosen, {best} is there");
            }

            if (_lastRestore is { } last && (chosen?.Step ?? 0) < last.Step && !world.Store.Damaged.Contains(last.ManifestKey) && !IsDoubted(last.ManifestKey))
            {
                throw new ViolationException("the resume step never goes back", $"from {last.Step} to {chosen?.Step}");
            }

            _lastRestore = chosen;
        }
    }

    /// <summary>A host has refused to restore it before.</summary>
    private bool IsDoubted(string key) => world.State.Attempts.Any(a => a.Reason == EndReason.RestoreRefused && a.RestoreFrom?.ManifestKey == key);

    public void Deleted(CheckpointRef checkpoint)
    {
        if (world.State.Phase == JobPhase.Succeeded)
        {
            return;
        }

        foreach (var attempt in world.State.Attempts.Where(a => a.IsLive() && a.InstanceId is not null))
        {
            if (world.Agents[attempt.InstanceId!].BuildsOn == checkpoint.ManifestKey && attempt.Phase is AttemptPhase.Staging or AttemptPhase.Running or AttemptPhase.Draining)
            {
                throw new ViolationException("a referenced checkpoint is never deleted", $"attempt {attempt.Number} builds on {checkpoint.ManifestKey}");
            }
        }
    }

    public void Orphan(SimInstance instance)
    {
        // Of two with one label, of which one should not be, either may be the one that the books took.
        if (!world.Provider.Instances.Any(i => i.Exempt && i.Label == instance.Label))
        {
            throw new ViolationException("the books know every instance", $"the sweep found {instance.Id} of attempt {instance.Attempt}");
        }
    }

    public void AtEnd()
    {
        foreach (var instance in world.Provider.Instances)
        {
            if (!instance.Exempt && instance.BillsAt(world.Now))
            {
                throw new ViolationException("a job ends only when nothing is owed", $"{instance.Id} of attempt {instance.Attempt} is still billed");
            }
        }

        LedgerCoversTheBill();
        if (world.State.Phase == JobPhase.Succeeded)
        {
            var expected = world.Terms.AfterSuccess switch
            {
                AfterSuccess.Delete => 0,
                AfterSuccess.KeepLast => Math.Min(1, world.State.Checkpoints.Length),
                _ => Math.Min(world.Terms.Keep, world.State.Checkpoints.Length),
            };
            if (world.State.Checkpoints.Length != expected || world.State.Checkpoints.Any(c => !world.Store.HasFiles(c.ManifestKey)))
            {
                throw new ViolationException("retention after success", $"{world.State.Checkpoints.Length} checkpoints are left, {expected} expected");
            }
        }
    }

    public void AfterSweep()
    {
        if (world.Provider.Instances.FirstOrDefault(i => i.GoneAt is null) is { } left)
        {
            throw new ViolationException("every instance is destroyed", $"{left.Id} of attempt {left.Attempt} is left");
        }
    }

    /// <summary>Nothing known, no deadline reached: nothing decided.</summary>
    private void UnknownDecidesNothing(JobState before, ImmutableArray<JobEvent> events, ImmutableArray<UnattendedTime> unattended)
    {
        var due = Kernel.NextDue(world.State, world.Policies, world.Now, unattended);
        if (due <= world.Now)
        {
            throw new ViolationException("NextDue lies ahead", $"{due:O} at {world.Now:O}");
        }

        // A second less, since the ledger rounds up: a budget's line is reached a whisker before the exact instant.
        var almost = due == DateTimeOffset.MaxValue ? world.Now.AddDays(30) : due.AddSeconds(-1);
        if (almost <= world.Now)
        {
            return;
        }

        var blind = world.Mind.Decide(world.State, new Observation { Unattended = unattended }, world.Policies, almost);
        if (!blind.IsEmpty)
        {
            throw new ViolationException("Unknown decides nothing before its deadline", $"{string.Join(", ", blind)} (was {before.Phase}, {events.Length} events)");
        }
    }

    /// <summary>With the list Unknown and the agent silent for less than the longest wait, no loss is declared.</summary>
    private void UnknownDestroysNothing(JobState before, Observation observation, ImmutableArray<JobEvent> events)
    {
        foreach (var ending in events.OfType<AttemptEnding>())
        {
            var seen = observation.Attempts.FirstOrDefault(a => a.Number == ending.Attempt);
            var heard = seen?.Agent?.LastHeardAt;
            if (ending.Reason is EndReason.InstanceGone or EndReason.InstanceStopped && seen?.Listing is null)
            {
                throw new ViolationException("Unknown destroys nothing", $"{ending.Reason} without a list (was {before.Phase})");
            }

            if (ending.Reason == EndReason.HostSilent && !(world.Now - heard >= world.Policies.LossMaxWait))
            {
                throw new ViolationException("Unknown destroys nothing", $"{ending.Reason} after {world.Now - heard}");
            }
        }
    }

    /// <summary>Nobody is given up for not answering within a time in which nobody listened.</summary>
    private void OurAbsenceEndsNothing(JobState before, ImmutableArray<JobEvent> events)
    {
        foreach (var e in events)
        {
            var (number, limit, from) = e switch
            {
                AttemptEnding { Reason: EndReason.NeverBooted } ending => (ending.Attempt, world.Policies.Boot, null),
                AttemptEnding { Reason: EndReason.NeverConnected } ending => (ending.Attempt, world.Policies.Connect, null),
                AttemptEnding { Reason: EndReason.CheckFailed } ending when ending.Why.Contains("did not answer", StringComparison.Ordinal) => (ending.Attempt, world.Policies.Check, null),
                AttemptEnding { Reason: EndReason.StageFailed } ending when ending.Why.Contains("did not start", StringComparison.Ordinal) => (ending.Attempt, world.Policies.Check, null),
                AttemptEnding { Reason: EndReason.Stalled } ending => (ending.Attempt, world.Terms.Stall!.Value, before.Attempts[ending.Attempt - 1].TrainingStartedAt),
                PhaseEntered { Phase: AttemptPhase.Cleaning } entered when entered.Why.Contains("ran out", StringComparison.Ordinal) => (entered.Attempt, world.Policies.Flush, null),
                PhaseEntered { Phase: AttemptPhase.Terminating } entered when entered.Why.Contains("not confirmed", StringComparison.Ordinal) => (entered.Attempt, world.Policies.Clean, null),
                _ => (0, TimeSpan.Zero, (DateTimeOffset?)null),
            };
            if (number > 0 && world.AttendedSince(from ?? before.Attempts[number - 1].PhaseSince) is var waited && waited < limit)
            {
                throw new ViolationException("our absence ends nothing", $"attempt {number} had {waited} of {limit}: {e.Why}");
            }
        }
    }

    private void BudgetHolds()
    {
        if (world.State.Terms.MaxTotal is { } max && world.State.SpentAt(world.Now) is var spent && spent > max
            && world.State.Attempts.FirstOrDefault(a => a.Phase < AttemptPhase.Terminating) is { } alive)
        {
            throw new ViolationException("spend is bounded", $"attempt {alive.Number} goes on with {spent} of {max} spent");
        }
    }

    private void RentalsAreLeftInTime()
    {
        var needed = world.Terms.DrainGrace + world.Policies.RentalFlush + world.Policies.Clean;
        if (world.State.Attempts.FirstOrDefault(a => a.Phase < AttemptPhase.Draining && !a.IsEnding() && a.Offer.Until - needed <= world.Now) is { } late)
        {
            throw new ViolationException("a rental is left before the cut", $"attempt {late.Number} goes on at {world.Now:O} of {late.Offer.Until:O}");
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

        if (world.State.Phase == JobPhase.Waiting && world.State.PhaseReason.Contains("the job starts below", StringComparison.Ordinal)
            && world.State.PhaseSince == world.Now && net.Ranked.Any(offer => !(spent + offer.PricePerHour > world.State.Terms.MaxTotal)))
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
        || room.LeftTo(before, world.Now).Fits(OfferTaken.Of(offer, observation.Plan?.Loads).PerHour);

    private void CheckpointsAreWhole()
    {
        foreach (var checkpoint in world.State.Checkpoints)
        {
            // A late one is shown only: nobody promises that its files outlive the ones it was built on.
            if (!checkpoint.Late && !world.Store.HasFiles(checkpoint.ManifestKey))
            {
                throw new ViolationException("a referenced checkpoint is never deleted", $"{checkpoint.ManifestKey} lost files");
            }
        }

        foreach (var attempt in world.State.Attempts)
        {
            if (attempt.IsLive() && attempt.RestoreFrom is { } used && !world.State.Checkpoints.Any(c => c.Attempt == attempt.Number)
                && attempt.Phase < AttemptPhase.Draining && _restored.Add(attempt.Number + used.ManifestKey) && !world.Store.HasFiles(used.ManifestKey))
            {
                throw new ViolationException("a referenced checkpoint is never deleted", $"{used.ManifestKey}, which attempt {attempt.Number} restores");
            }
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

    /// <summary>The ledger never shows less than the bill of what was on the books.</summary>
    private void LedgerCoversTheBill()
    {
        var bill = Money.Zero;
        foreach (var instance in world.Provider.Instances)
        {
            var owner = world.State.Attempts.First(a => a.Label == instance.Label);
            // One that came and went unseen while the API was away is beyond any books.
            var known = world.Events.Any(e => e is InstanceFound f && f.InstanceId == instance.Id);
            if (known && !instance.Exempt && instance.GoneAt is { } gone)
            {
                bill += BillOf(instance, owner, gone);
            }
        }

        if (world.State.SpentAt(world.Now) < bill)
        {
            throw new ViolationException("the ledger covers the bill", $"{world.State.SpentAt(world.Now)} on the books, {bill} billed");
        }
    }

    /// <summary>On a machine of one's own: how long nobody waited any more for what turned up after all.</summary>
    private TimeSpan Unsettled(Attempt owner, string instance)
    {
        var found = world.Events.OfType<InstanceFound>().First(f => f.InstanceId == instance).At;
        return OwnMachines.Has(owner.Offer.Host) && owner.EndingSince is { } given && given < found ? found - given : TimeSpan.Zero;
    }
}
