using System.Collections.Immutable;
using Orchestrator.Batches;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Batches;

public sealed class BatchLineTests
{
    [Fact]
    public void As_many_begin_as_have_a_slot_in_order_of_priority_and_number()
    {
        var rules = new BatchRules { Name = "b", MaxParallel = 3 };
        ImmutableArray<BatchMember> members = [Running(1), Waiting(2), Waiting(3, priority: 5), Waiting(4), Ended(5, JobPhase.Succeeded)];

        Assert.Equal([3, 2], members.Where(member => member.Waits && BatchLine.HoldOf(rules, members, member.Job) is null).OrderBy(member => BatchLine.Places(members)[member.Job]).Select(member => member.Number));
        Assert.Equal(BatchHoldKind.Slot, BatchLine.HoldOf(rules, members, new(4)));
        Assert.Equal([2, 1, 3], new[] { 2, 3, 4 }.Select(job => BatchLine.Places(members)[new(job)]));
        Assert.False(BatchLine.Places(members).ContainsKey(new(1)));
    }

    [Fact]
    public void An_interrupted_job_keeps_its_slot_and_one_that_has_begun_comes_before_those_that_have_not()
    {
        var rules = new BatchRules { Name = "b", MaxParallel = 1 };
        ImmutableArray<BatchMember> members = [Waiting(1), Running(2) with { Phase = JobPhase.Recovering, Live = false }];
        Assert.Equal(BatchHoldKind.Slot, BatchLine.HoldOf(rules, members, new(1)));
        Assert.Null(BatchLine.HoldOf(rules, members, new(2)));

        members = [Waiting(1, priority: 9), Waiting(2) with { Began = true }];
        Assert.Null(BatchLine.HoldOf(rules, members, new(2)));
        Assert.Equal(BatchHoldKind.Slot, BatchLine.HoldOf(rules, members, new(1)));
    }

    [Fact]
    public void Who_waits_for_a_market_keeps_no_slot_from_others()
    {
        var rules = new BatchRules { Name = "b", MaxParallel = 1 };
        ImmutableArray<BatchMember> members = [Waiting(1) with { Waits = false }, Waiting(2)];

        Assert.Null(BatchLine.HoldOf(rules, members, new(2)));
    }

    [Fact]
    public void The_rest_waits_until_the_canary_has_shown_that_it_works()
    {
        var rules = new BatchRules { Name = "b", Canary = 1, MaxParallel = 2 };
        ImmutableArray<BatchMember> members = [Running(1), Waiting(2), Waiting(3)];
        Assert.Equal([null, BatchHoldKind.Canary, BatchHoldKind.Canary], members.Select(member => BatchLine.HoldOf(rules, members, member.Job)));
        Assert.False(BatchLine.MayBegin(rules, members, new(2)));

        members = [Running(1) with { Proven = true }, Waiting(2), Waiting(3)];
        Assert.Equal([null, null, BatchHoldKind.Slot], members.Select(member => BatchLine.HoldOf(rules, members, member.Job)));

        // It took only its own place with it: somebody wanted to be rid of that one run.
        members = [Ended(1, JobPhase.Cancelled), Waiting(2), Waiting(3)];
        Assert.Equal([null, BatchHoldKind.Canary], members.Skip(1).Select(member => BatchLine.HoldOf(rules, members, member.Job)));
    }

    [Fact]
    public void A_canary_that_fails_stops_those_that_have_not_begun_and_fail_fast_stops_all()
    {
        ImmutableArray<BatchMember> members = [Ended(1, JobPhase.Failed), Running(2), Waiting(3), Ended(4, JobPhase.Succeeded)];
        Assert.Empty(BatchLine.Stops(new BatchRules { Name = "b" }, members));
        Assert.Equal([2L, 3L], BatchLine.Stops(new BatchRules { Name = "b", FailFast = true }, members).Select(stop => stop.Job.Value));

        // Nobody waits for a person who looks at what has failed, and nobody takes the host away.
        Assert.Equal([2L], BatchLine.Stops(new BatchRules { Name = "b", FailFast = true }, [Running(1) with { HasFailed = true }, Running(2)]).Select(stop => stop.Job.Value));

        members = [Ended(1, JobPhase.Failed), Waiting(2), Waiting(3) with { Phase = JobPhase.Paused }, Running(4)];
        var stop = Assert.Single(BatchLine.Stops(new BatchRules { Name = "b", Canary = 1 }, members));
        Assert.Equal((2L, "#1, a canary of batch b, failed before it had shown that it works"), (stop.Job.Value, stop.Why));

        // What has shown that it works may fail later: the others are worth their money.
        Assert.Empty(BatchLine.Stops(new BatchRules { Name = "b", Canary = 1 }, [Ended(1, JobPhase.Failed) with { Proven = true }, Waiting(2)]));
    }

    [Fact]
    public void A_job_may_hold_what_the_others_leave_of_the_budget()
    {
        var rules = new BatchRules { Name = "b", Budget = Money.FromDollars(10) };
        ImmutableArray<BatchMember> members = [Running(1) with { Holds = Money.FromDollars(4) }, Ended(2, JobPhase.Succeeded) with { Holds = Money.FromDollars(1) }, Waiting(3)];
        Assert.Equal(Money.FromDollars(5), BatchLine.MostOf(rules, members, new(3)));
        Assert.Equal(Money.FromDollars(9), BatchLine.MostOf(rules, members, new(1)));
        Assert.Equal(Money.Zero, BatchLine.MostOf(rules with { Budget = Money.FromDollars(2) }, members, new(3)));
        Assert.Null(BatchLine.MostOf(rules with { Budget = null }, members, new(3)));
    }

    [Fact]
    public void What_was_retried_stops_nobody_any_more_and_its_retry_is_the_canary()
    {
        ImmutableArray<BatchMember> members = [Ended(1, JobPhase.Failed) with { Retried = true }, Ended(2, JobPhase.Cancelled) with { Retried = true }, Waiting(3), Waiting(4)];

        Assert.Empty(BatchLine.Stops(new BatchRules { Name = "b", FailFast = true }, members));
        Assert.Empty(BatchLine.Stops(new BatchRules { Name = "b", Canary = 1 }, members));
        Assert.Equal([null, BatchHoldKind.Canary], members.Skip(2).Select(member => BatchLine.HoldOf(new BatchRules { Name = "b", Canary = 1 }, members, member.Job)));
    }

    /// <summary>What a provider has charged beyond our meter is spent, though the job's own budget does not count it.</summary>
    [Fact]
    public void A_bill_above_the_meter_leaves_less_to_the_others_and_to_the_job_itself()
    {
        var rules = new BatchRules { Name = "b", Budget = Money.FromDollars(10) };
        ImmutableArray<BatchMember> members = [Running(1) with { Holds = Money.FromDollars(7), Unmetered = Money.FromDollars(3) }, Waiting(2)];

        Assert.Equal(Money.FromDollars(3), BatchLook.Of(rules, members, new(2), []).Most);
        Assert.Equal(Money.FromDollars(7), BatchLook.Of(rules, members, new(1), []).Most);
        Assert.False(BatchLine.MayHold(rules, members, new(1), new() { MaxTotal = Money.FromDollars(8), Batch = new BatchTerms("b", true, null) }));
    }

    private static BatchMember Running(int number) => new() { Job = new(number), Number = number, Phase = JobPhase.Active, Began = true, Live = true };

    private static BatchMember Waiting(int number, int priority = 0) => new() { Job = new(number), Number = number, Priority = priority, Phase = JobPhase.Waiting, Waits = true };

    private static BatchMember Ended(int number, JobPhase phase) => new() { Job = new(number), Number = number, Phase = phase, Began = true };
}
