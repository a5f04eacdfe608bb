using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Tests.Properties;

/// <summary>The safety properties of design.md section 4, checked against the world itself, not against the books.</summary>
public sealed partial class WorldChecks(World world)
{
    private readonly HashSet<string> _restored = [];

    /// <summary>Attempts whose destroy stood as accepted when another one was planned.</summary>
    private readonly HashSet<(int Owner, int Planned)> _thoughtGone = [];
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
        KeptHostsAreLetGo();
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

            var owner = world.State.Attempts.First(a => a.ListedAs == other.Label);
            var overlap = owner.Number < launch.Attempt && owner.Phase == AttemptPhase.Terminating
                && world.AttendedSince(owner.PhaseSince) >= world.Policies.LossMaxWait
                && world.Events.OfType<AttemptPlanned>().Single(p => p.Attempt == launch.Attempt).Why.Contains("both may cost", StringComparison.Ordinal);
            if (!overlap && !(other.IgnoredAt is not null && _thoughtGone.Contains((owner.Number, launch.Attempt))))
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
        if (e is AttemptPlanned planned)
        {
            if (world.State.Start is not null)
            {
                throw new ViolationException("what a job begins from is copied first", $"attempt {planned.Attempt} is planned before");
            }

            _thoughtGone.UnionWith(world.State.Attempts.Where(a => a.IsLive() && a.DestroyAcceptedAt is not null).Select(a => (a.Number, planned.Attempt)));
        }

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
        TheMeterCoversTheBill();
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
}
