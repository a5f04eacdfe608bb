using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Xunit;

namespace Orchestrator.Tests.Batches;

/// <summary>Whose host may pass to whom.</summary>
public sealed class HeirTests
{
    private static readonly BatchRules _one = new() { Name = "sweep", MaxParallel = 1 };

    [Fact]
    public void The_first_in_line_that_could_use_it_is_an_heir_and_may_take_nothing_else()
    {
        ImmutableArray<BatchMember> members = [Running(1), Waiting(2) with { HostKey = "other" }, Waiting(3)];

        // The second is next, and its image is another one.
        Assert.False(BatchLine.HasHeir(_one, members, new(1)));

        members = [Running(1), Waiting(2), Waiting(3)];
        Assert.True(BatchLine.HasHeir(_one, members, new(1)));
        var first = BatchLook.Of(_one, members, new(2), [OfferOf(1)]);
        Assert.Equal((null, BatchHoldKind.Slot, 1), (first.Hold, first.OnlyWarm, first.Warm.Length));
        Assert.Equal(BatchHoldKind.Slot, BatchLook.Of(_one, members, new(3), [OfferOf(1)]).Hold);
    }

    [Fact]
    public void Where_slots_are_free_it_is_one_offer_among_others()
    {
        var look = BatchLook.Of(_one with { MaxParallel = 5 }, [Running(1), Waiting(2)], new(2), [OfferOf(1)]);

        Assert.Equal((null, null, 1), (look.Hold, look.OnlyWarm, look.Warm.Length));
    }

    [Fact]
    public void Nobody_behind_a_canary_that_has_shown_nothing_nor_without_money_nor_that_has_ended_or_runs_is_an_heir()
    {
        Assert.False(BatchLine.HasHeir(_one with { Canary = 1 }, [Running(1), Waiting(2)], new(1)));
        Assert.True(BatchLine.HasHeir(_one with { Canary = 1 }, [Running(1) with { Proven = true }, Waiting(2)], new(1)));
        Assert.False(BatchLine.HasHeir(_one with { Budget = Money.FromDollars(2) }, [Running(1) with { Spent = Money.FromDollars(2) }, Waiting(2)], new(1)));
        Assert.False(BatchLine.HasHeir(_one, [Running(1), Waiting(2) with { Phase = JobPhase.Paused }, Waiting(3) with { Phase = JobPhase.Cancelled }], new(1)));
        Assert.False(BatchLine.HasHeir(_one with { MaxParallel = 2 }, [Running(1), Running(2)], new(1)));
        Assert.False(BatchLine.HasHeir(_one, [Running(1) with { HostKey = null }, Waiting(2) with { HostKey = null }], new(1)));
    }

    [Fact]
    public void What_the_giver_holds_of_a_shared_budget_is_the_heirs_to_take()
    {
        var rules = _one with { Budget = Money.FromDollars(10) };
        ImmutableArray<BatchMember> members = [Running(1) with { Holds = Money.FromDollars(10), Spent = Money.FromDollars(4) }, Waiting(2)];

        Assert.Equal(Money.FromDollars(6), BatchLook.Of(rules, members, new(2), [OfferOf(1)]).Most);
    }

    private static BatchMember Running(int number) => new() { Job = new(number), Number = number, Phase = JobPhase.Active, Began = true, Live = true, HostKey = "image" };

    private static BatchMember Waiting(int number) => new() { Job = new(number), Number = number, Phase = JobPhase.Waiting, Waits = true, HostKey = "image" };

    private static Offer OfferOf(int job) => new()
    {
        Provider = "vast", Id = "7", Capacity = CapacityType.OnDemand, HostKind = HostKind.Container, PricePerHour = Money.FromDollars(0.3m),
        Warm = new WarmHost { Job = new(job), Attempt = 1, InstanceId = "i1", Label = "orc-e1-1-1", Owners = 1, BilledFrom = DateTimeOffset.UnixEpoch, CreatedAt = DateTimeOffset.UnixEpoch },
    };
}
