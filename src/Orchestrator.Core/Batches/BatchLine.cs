using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Batches;

/// <summary>
/// Whose turn it is in a batch. Pure: the same members give the same answer to everybody who asks. Those that have begun come first
/// (an interrupted job holds work and, often, a paid-for checkpoint), then the higher priority, then the lower number.
/// </summary>
public static class BatchLine
{
    /// <summary>So many of the first in line are asked whether they would take a host over.</summary>
    private const int MostHeirs = 20;

    /// <summary>Why the job may not begin an attempt; null = it may, as far as the budget goes.</summary>
    public static BatchHoldKind? HoldOf(BatchRules rules, ImmutableArray<BatchMember> members, JobId job)
    {
        var (self, canaries) = (Self(members, job), Door(rules, members));
        if (IsBehind(canaries, self))
        {
            return BatchHoldKind.Canary;
        }

        return FreeSlots(rules, members, job) is { } free && Ahead(canaries, members, self) >= free ? BatchHoldKind.Slot : null;
    }

    /// <summary>
    /// Whether an attempt that is about to be written down breaks no promise of the batch. Whose turn it is does not matter any more here: an
    /// older look at the line may let a later one pass, and both will run.
    /// </summary>
    public static bool MayBegin(BatchRules rules, ImmutableArray<BatchMember> members, JobId job) =>
        !IsBehind(Door(rules, members), Self(members, job)) && FreeSlots(rules, members, job) is not <= 0;

    /// <summary>The line as it is once a job's instance is another's: it has no slot, and holds what it has spent.</summary>
    public static ImmutableArray<BatchMember> Without(ImmutableArray<BatchMember> members, JobId giver) =>
        [.. members.Select(member => member.Job == giver ? member with { Live = false, Holds = member.Spent + member.Unmetered } : member)];

    /// <summary>
    /// Whether a job would take the giver's host over now: it could use it, has none, and would be let in if the giver were gone. One that has
    /// not finished (<see cref="JobPhase.Scheduled"/>, paused) is no heir.
    /// </summary>
    public static bool HasHeir(BatchRules rules, ImmutableArray<BatchMember> members, JobId giver)
    {
        if (Self(members, giver) is not { HostKey: { } key })
        {
            return false;
        }

        var line = Without(members, giver);
        return line.Where(member => member.Job != giver && member.HostKey == key && !member.Live && member.Phase is JobPhase.Pending or JobPhase.Waiting or JobPhase.Recovering)
            .OrderBy(member => (!member.Began, -member.Priority, member.Number)).Take(MostHeirs)
            .Any(member => HoldOf(rules, line, member.Job) is null && MostOf(rules, line, member.Job) is not { MicroDollars: <= 0 });
    }

    /// <summary>Most that the job's own budget may be set to, at least nothing; null = there is no shared one.</summary>
    public static Money? MostOf(BatchRules rules, ImmutableArray<BatchMember> members, JobId job)
    {
        if (rules.Budget is not { } budget)
        {
            return null;
        }

        // Of its own only what its budget does not count.
        var held = members.Aggregate(Money.Zero, (sum, member) => sum + (member.Job == job ? member.Unmetered : member.Holds));
        return held < budget ? budget - held : Money.Zero;
    }

    /// <summary>Whether what the job holds of the shared budget, once it has an attempt, leaves the others what they hold.</summary>
    public static bool MayHold(BatchRules rules, ImmutableArray<BatchMember> members, JobId job, JobTerms terms) =>
        terms is not { Batch.SharesBudget: true, MaxTotal: { } held } || MostOf(rules, members, job) is not { } most || held <= most;

    /// <summary>The places of those that wait for the batch, from 1; who does not wait has none.</summary>
    public static ImmutableDictionary<JobId, int> Places(ImmutableArray<BatchMember> members) =>
        members.Where(Claims).OrderBy(Rank).Select((member, index) => KeyValuePair.Create(member.Job, index + 1)).ToImmutableDictionary();

    /// <summary>Those that are not worth going on with, now that some have ended; in order.</summary>
    public static ImmutableArray<BatchStop> Stops(BatchRules rules, ImmutableArray<BatchMember> members)
    {
        var live = members.Where(member => member is { HasEnded: false, HasFailed: false, Phase: not JobPhase.Paused }).OrderBy(member => member.Number);
        if (rules.FailFast && Failed(members) is { } failed)
        {
            return [.. live.Select(member => new BatchStop(member.Job, $"{failed.Job} of batch {rules.Name} failed, and its strategy says fail-fast"))];
        }

        return !IsOpen(rules, members) && Failed([.. members.Where(member => member.Phase != JobPhase.Cancelled && !member.Retried).OrderBy(member => member.Number).Take(rules.Canary)]) is { } canary
            ? [.. live.Where(member => !member.Began).Select(member => new BatchStop(member.Job, $"{canary.Job}, a canary of batch {rules.Name}, failed before it had shown that it works"))]
            : [];
    }

    private static BatchMember? Failed(ImmutableArray<BatchMember> members) =>
        members.Where(member => !member.Retried && (member.HasFailed || member.Phase is JobPhase.Failed or JobPhase.DeadlineMissed)).MinBy(member => member.Number);

    private static bool IsOpen(BatchRules rules, ImmutableArray<BatchMember> members) => members.Count(member => member.IsProven) >= Math.Min(rules.Canary, members.Length);

    /// <summary>
    /// Who may pass before anybody has shown that it works; null = all may. The first that have not ended without showing it: whom a person took
    /// out shows nothing, and where the rest was kept for lack of a canary that works, the next one is it.
    /// </summary>
    private static HashSet<JobId>? Door(BatchRules rules, ImmutableArray<BatchMember> members) => IsOpen(rules, members) ? null
        : [.. members.Where(member => !member.HasEnded || member.IsProven).OrderBy(member => member.Number).Take(rules.Canary).Select(member => member.Job)];

    private static bool IsBehind(HashSet<JobId>? canaries, BatchMember? self) => self is { Began: false } && canaries?.Contains(self.Job) == false;

    private static int? FreeSlots(BatchRules rules, ImmutableArray<BatchMember> members, JobId job) =>
        rules.MaxParallel is { } most ? most - members.Count(member => member.Job != job && member.HasSlot) : null;

    /// <summary>Those behind the canary claim nothing: a slot that they may not use is free for who may.</summary>
    private static int Ahead(HashSet<JobId>? canaries, ImmutableArray<BatchMember> members, BatchMember? self) =>
        self is null || self.HasSlot ? 0 : members.Count(member => member.Job != self.Job && Claims(member) && !IsBehind(canaries, member) && IsBefore(member, self));

    private static bool Claims(BatchMember member) => !member.HasSlot && (member.Waits || member.Phase == JobPhase.Pending);

    private static (bool, int, int) Rank(BatchMember member) => (!member.Began, -member.Priority, member.Number);

    private static bool IsBefore(BatchMember one, BatchMember other) => Rank(one).CompareTo(Rank(other)) < 0;

    private static BatchMember? Self(ImmutableArray<BatchMember> members, JobId job) => members.FirstOrDefault(member => member.Job == job);
}
