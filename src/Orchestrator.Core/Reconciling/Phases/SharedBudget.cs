using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Offers;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// A job of a batch with a shared budget holds as much of it as its attempt is expected to take, and takes more as it comes near the end of
/// that. What it holds is its own budget, and held to like any other; what it leaves is free again once it has no attempt.
/// </summary>
internal static class SharedBudget
{
    /// <summary>Enough for a while at the price it runs at, so that a job that takes longer than it was expected to does not ask every minute.</summary>
    private static readonly TimeSpan _slice = TimeSpan.FromMinutes(20);

    /// <summary>So long before what it holds runs out it asks for more: a host that hears nothing of us goes on for as long as that pays for.</summary>
    private static readonly TimeSpan _ahead = TimeSpan.FromMinutes(20);

    public static bool Has(JobState state) => state.Terms.Batch is { SharesBudget: true };

    /// <summary>Most that the job may cost, as far as is known now; null = there is no limit.</summary>
    public static Money? Limit(DecisionContext c) => c.Observation.Batch?.MostFor(c.State.Terms) ?? c.State.Terms.MaxTotal;

    /// <summary>Before an attempt.</summary>
    public static void Take(DecisionContext c, Offer offer)
    {
        if (c.Observation.Batch?.MostFor(c.State.Terms) is not { } most)
        {
            return;
        }

        var spent = c.State.SpentAt(c.Now);
        var least = Budget.LeastTotalOn(c.State, OfferTaken.Of(offer, c.Observation.Plan?.Loads), c.Policies, c.Now);
        var expected = c.Observation.Plan?.Expected is { } total ? spent + total : least + offer.PricePerHour.PerHourFor(_slice);
        Set(c, Lesser(most, least > expected ? least : expected), most);
    }

    /// <summary>What runs takes more before it would have to leave for the lack of it, if that is enough to stay.</summary>
    public static void TakeMore(DecisionContext c)
    {
        if (c.Observation.Batch?.MostFor(c.State.Terms) is not { } most || c.State.Terms.MaxTotal is not { } held || most <= held
            || c.State.Attempts is not [.., { Phase: < AttemptPhase.Terminating } attempt] || Holding.IsHeld(attempt) || (c.State.Verdict is not null && !attempt.IsEnding()) || (!IsShort(c.State, attempt, c) && NeededAhead(c.State, attempt, held, c.Policies, c.Now) <= held))
        {
            return;
        }

        var wanted = NeededAhead(c.State, attempt, most, c.Policies, c.Now) + attempt.CostAt(c.Now + _slice) - attempt.CostAt(c.Now);
        var to = Lesser(most, wanted);
        // Where hardly any is free, every tick would find another cent.
        var worthIt = IsShort(c.State, attempt, c) || to == wanted;
        if (to > held && worthIt && !IsShort(c.State with { Terms = c.State.Terms with { MaxTotal = to } }, attempt, c))
        {
            Set(c, to, most);
        }
    }

    /// <summary>What will have been spent if the attempt begins to drain some time from now.</summary>
    public static Money NeededAhead(JobState state, Attempt attempt, Money max, Policies policies, DateTimeOffset now) =>
        Budget.SpentWithLeaving(state, attempt, max, policies, now) + attempt.CostAt(now + _ahead) - attempt.CostAt(now);

    /// <summary>What binds it is the bound of its own.</summary>
    public static bool IsBoundByItself(DecisionContext c) => Has(c.State) && c.State.Terms.Batch!.MostOfJob is { } own && own <= c.Observation.Batch?.Most;

    /// <summary>Nothing more is free, or nobody has asked; that may change when other jobs of the batch end.</summary>
    public static bool MayComeBack(DecisionContext c) => (Has(c.State) && c.Observation.Batch is null)
        || (c.Observation.Batch is { OthersHold: true } batch && batch.MostFor(c.State.Terms) is not null && !(c.State.Terms.Batch!.MostOfJob <= c.State.SpentAt(c.Now)));

    private static bool IsShort(JobState state, Attempt attempt, DecisionContext c) =>
        Budget.IsSpent(state, c.Now) || (!attempt.IsEnding() && Budget.MustLeave(state, attempt, c.Policies, c.Now));

    private static void Set(DecisionContext c, Money to, Money most)
    {
        if (to != c.State.Terms.MaxTotal)
        {
            c.Emit(new BudgetChanged(to) { At = c.Now, Why = $"it holds {to} of the budget of batch {c.State.Terms.Batch!.Name}; {most - to} of that is free" });
        }
    }

    private static Money Lesser(Money one, Money other) => one < other ? one : other;
}
