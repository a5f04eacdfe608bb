using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// Two lines: at the first (budget less a reserve for the last flush) the attempt is drained, at the second (all spent) every
/// instance goes straight to its destroy, whatever is not stored yet.
/// </summary>
internal static class Budget
{
    public static void Run(DecisionContext c)
    {
        if (c.State.Terms.MaxTotal is not { } max)
        {
            return;
        }

        var newestSucceeded = c.State.Attempts is [.., { Reason: EndReason.Succeeded }];
        if (IsSpent(c.State, c.Now))
        {
            var words = $"the budget is spent: {c.State.SpentAt(c.Now)} of {max}";
            foreach (var attempt in c.State.Attempts)
            {
                if (attempt.Phase < AttemptPhase.Terminating)
                {
                    CutOff(c, attempt, words);
                }
            }

            if (c.State.Verdict is null && !newestSucceeded)
            {
                Exhaust(c, words);
            }
        }
        else if (c.State.Current() is { } current && c.State.Verdict is null && DrainLine(c.State, current, c.Policies) is { } line
            && c.State.SpentAt(c.Now) >= line)
        {
            var words = $"the budget is all but spent: {c.State.SpentAt(c.Now)} of {max}; the rest is for storing the newest checkpoint";
            c.End(current, EndReason.BudgetExhausted, words);
            Exhaust(c, words);
        }
    }

    public static bool IsSpent(JobState state, DateTimeOffset now) =>
        state.Terms.MaxTotal is { } max && state.SpentAt(now) is var spent && spent >= max && spent > Money.Zero;

    /// <summary>Spending at which a live attempt begins to drain; null = it costs nothing or there is no budget.</summary>
    public static Money? DrainLine(JobState state, Attempt attempt, Policies policies) =>
        state.Terms.MaxTotal is { } max && attempt.Offer.PricePerHour > Money.Zero ? max - Reserve(state, attempt.Offer.PricePerHour, policies) : null;

    /// <summary>Whether an attempt on this offer is worth beginning.</summary>
    public static bool Allows(DecisionContext c, Offer offer) =>
        c.State.Terms.MaxTotal is not { } max || offer.PricePerHour <= Money.Zero
        || c.State.SpentAt(c.Now) + LeastFor(c.State, offer.Provider, offer.PricePerHour, c.Policies) <= max;

    /// <summary>Least that must be left for an attempt at this price to be worth beginning.</summary>
    private static Money LeastFor(JobState state, string provider, Money pricePerHour, Policies policies) =>
        pricePerHour.PerHourFor(state.Terms.Boot ?? policies.TimingsOf(provider).Boot) + Reserve(state, pricePerHour, policies);

    /// <summary>The least total that would neither be spent at once nor refuse the next attempt.</summary>
    public static Money LeastTotal(JobState state, Policies policies, DateTimeOffset now)
    {
        var spent = state.SpentAt(now);
        if (state.Attempts is not [.., { Offer: { PricePerHour: var price } offer }] || price <= Money.Zero)
        {
            return spent > Money.Zero ? spent + new Money(1) : spent;
        }

        // An attempt that runs has booted; of one that is to come, boot and reserve must fit (see LeastFor).
        var boot = state.Current() is null ? price.PerHourFor(state.Terms.Boot ?? policies.TimingsOf(offer.Provider).Boot) : Money.Zero;
        var needed = spent + boot + new Money(1);
        var reserve = price.PerHourFor(state.Terms.DrainGrace + policies.BudgetFlush + policies.Clean);
        var tenth = new Money((needed.MicroDollars + 8) / 9);
        return needed + (reserve < tenth ? reserve : tenth);
    }

    public static void Exhaust(DecisionContext c, string why) =>
        c.Emit(new VerdictReached(c.State.Terms.OnExhausted == BudgetExhausted.Pause ? JobPhase.Paused : JobPhase.Failed) { At = c.Now, Why = why });

    private static Money Reserve(JobState state, Money pricePerHour, Policies policies)
    {
        var wanted = pricePerHour.PerHourFor(state.Terms.DrainGrace + policies.BudgetFlush + policies.Clean);
        var most = new Money((state.Terms.MaxTotal ?? Money.Zero).MicroDollars / 10);
        return wanted < most ? wanted : most;
    }

    private static void CutOff(DecisionContext c, Attempt attempt, string why)
    {
        if (attempt.Reason == EndReason.Succeeded && attempt.Phase < AttemptPhase.Cleaning)
        {
            c.LoseSuccess(attempt, why);
        }

        c.End(attempt, EndReason.BudgetExhausted, why);
        c.Enter(attempt, AttemptPhase.Terminating, why);
    }
}
