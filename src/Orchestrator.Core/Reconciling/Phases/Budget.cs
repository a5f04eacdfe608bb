using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// Two lines: at the first (budget less a reserve for the last flush) the attempt is drained, at the second (all spent) every
/// instance goes straight to its destroy, whatever is not stored yet.
/// </summary>
internal static class Budget
{
    /// <summary>Before the command that raises it; whoever cannot use that cuts it off here.</summary>
    public const string Advice = "; to go on now: orchestrator resume";

    public static void Run(DecisionContext c)
    {
        SharedBudget.TakeMore(c);
        if (c.State.Terms.MaxTotal is not { } max)
        {
            return;
        }

        var newestSucceeded = c.State.Attempts is [.., { Reason: EndReason.Succeeded }];
        if (IsSpent(c.State, c.Now))
        {
            var words = $"the budget is spent: {c.State.SpentAt(c.Now)} of {max}";
            // What a job held of a shared budget says nothing once it has left: whether there is more for it is asked when it would begin again.
            var isOver = !SharedBudget.Has(c.State) || c.State.Current() is not null;
            foreach (var attempt in c.State.Attempts)
            {
                if (attempt.Phase < AttemptPhase.Terminating)
                {
                    CutOff(c, attempt, words);
                }
            }

            if (c.State.Verdict is null && !newestSucceeded && isOver)
            {
                Exhaust(c, words);
            }
        }
        else if (c.State.Current() is { } current && c.State.Verdict is null && MustLeave(c.State, current, c.Policies, c.Now))
        {
            var words = $"the budget is all but spent: {c.State.SpentAt(c.Now)} of {max}; the rest is for storing the newest checkpoint";
            c.End(current, EndReason.BudgetExhausted, words);
            Exhaust(c, words);
        }
    }

    /// <summary>Nothing is left, or not enough for what is billed next: another second, or another unit.</summary>
    public static bool IsSpent(JobState state, DateTimeOffset now) =>
        state.Terms.MaxTotal is { } max && state.SpentAt(now) is var spent && spent > Money.Zero
        && (SpentSoon(state, now) > max || (spent >= max && state.Attempts.All(attempt => attempt.RateNow() <= Money.Zero)));

    /// <summary>What will have been spent before the next look can stop it.</summary>
    public static Money SpentSoon(JobState state, DateTimeOffset now)
    {
        var soon = state.SpentAt(now);
        foreach (var attempt in state.Attempts)
        {
            soon += attempt.CostAt(now + Notice(attempt.Offer)) - attempt.CostAt(now) + (attempt.Phase < AttemptPhase.Terminating ? attempt.OnItsWay() : Money.Zero);
        }

        return soon;
    }

    /// <summary>Whether a live attempt must begin to drain: what leaving in order costs would not fit any more.</summary>
    public static bool MustLeave(JobState state, Attempt attempt, Policies policies, DateTimeOffset now) =>
        state.Terms.MaxTotal is { } max && !attempt.Offer.IsFree && SpentWithLeaving(state, attempt, max, policies, now) > max;

    /// <summary>What will have been spent if the attempt begins to drain now.</summary>
    public static Money SpentWithLeaving(JobState state, Attempt attempt, Money max, Policies policies, DateTimeOffset now) =>
        state.SpentAt(now) + LastUploads(attempt) + Capped(state, attempt.Offer, Leaving(state, attempt, policies, now), max, policies);

    /// <summary>Whether an attempt on this offer may begin: without a limit nothing is rented for money.</summary>
    public static bool Allows(DecisionContext c, Offer offer) => Allows(c, offer, Money.Zero);

    /// <summary>The same in place of one that runs, which costs until it is left in order.</summary>
    public static bool AllowsInstead(DecisionContext c, Attempt current, Offer offer) =>
        Allows(c, offer, LastUploads(current) + Leaving(c.State, current, c.Policies, c.Now));

    private static bool Allows(DecisionContext c, Offer offer, Money before)
    {
        if (SharedBudget.Limit(c) is not { } max)
        {
            return offer.IsOwnOrFree;
        }

        var taken = OfferTaken.Of(offer, c.Observation.Plan?.Loads);
        return taken.IsFree || c.State.SpentAt(c.Now) + before + LeastFor(c.State, taken, max, c.Policies) <= max;
    }

    /// <summary>Least that must be left for an attempt on this offer to be worth beginning.</summary>
    private static Money LeastFor(JobState state, OfferTaken offer, Money max, Policies policies)
    {
        var (begin, leave) = Whole(state, offer, policies);
        return begin + Capped(state, offer, leave, max, policies);
    }

    /// <summary>The least total that would neither be spent at once nor refuse the next attempt.</summary>
    public static Money LeastTotal(JobState state, Policies policies, DateTimeOffset now)
    {
        var spent = state.SpentAt(now);
        if (state.Attempts is not [.., { Offer: { IsFree: false } offer }])
        {
            return spent > Money.Zero ? spent + new Money(1) : spent;
        }

        // An attempt that runs has booted; of one that is to come, boot and reserve must fit (see LeastFor).
        var (begin, leave) = state.Current() is { } current
            ? (LastUploads(current), Leaving(state, current, policies, now))
            : Whole(state, offer, policies);
        return Total(state, offer, spent + begin, leave, policies);
    }

    /// <summary>The least total with which an attempt on this offer may begin.</summary>
    public static Money LeastTotalOn(JobState state, OfferTaken offer, Policies policies, DateTimeOffset now)
    {
        var (begin, leave) = Whole(state, offer, policies);
        return Total(state, offer, state.SpentAt(now) + begin, leave, policies);
    }

    /// <summary>With what must be kept back for leaving.</summary>
    private static Money Total(JobState state, OfferTaken offer, Money before, Money leave, Policies policies)
    {
        var needed = before + new Money(1);
        var share = new Money((needed.MicroDollars + Share(state, policies) - 2) / (Share(state, policies) - 1));
        return needed + (leave < share || HasUnits(offer) ? leave : share);
    }

    /// <summary>None of the offers can be begun on: with the least figure that would change it.</summary>
    public static string TooSmall(DecisionContext c, ImmutableArray<Offer> offers, Money max)
    {
        var (cheapest, least) = offers.Select(offer => (Offer: offer, Least: LeastTotalOn(c.State, OfferTaken.Of(offer, c.Observation.Plan?.Loads), c.Policies, c.Now))).MinBy(one => one.Least);
        return string.Create(CultureInfo.InvariantCulture,
            $"the budget does not allow another attempt: {c.State.SpentAt(c.Now)} of {max} are spent, and to begin on the cheapest offer that fits ({cheapest.PricePerHour}/h) takes a budget of {least} (its boot, which may take long, and leaving it in order){GoOn(c, least, max, ToTheCent)}");
    }

    /// <param name="c">The tick.</param>
    /// <param name="needed">With so much it would go on.</param>
    /// <param name="max">What it has.</param>
    /// <param name="asked">The amount as a person types it.</param>
    private static string GoOn(DecisionContext c, Money needed, Money max, Func<Money, string> asked)
    {
        if (SharedBudget.IsBoundByItself(c))
        {
            return "; it is its own budget.max-total that leaves no more of what the batch has: submit it with a larger one";
        }

        if (SharedBudget.Has(c.State))
        {
            var shared = (c.Observation.Batch?.Budget ?? max) + needed - max;
            return string.Create(CultureInfo.InvariantCulture, $"; to go on: orchestrator batch {c.State.Terms.Batch!.Name} --budget {asked(shared)}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Advice} {c.State.Id.Value} --budget {asked(needed)}");
    }

    private static string ToTheCent(Money amount) => (decimal.Ceiling(amount.Dollars * 100) / 100).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The market moves on while a person reads this.</summary>
    private static string WithADollarMore(Money amount) => (decimal.Ceiling(amount.Dollars) + 1).ToString("0", CultureInfo.InvariantCulture);

    /// <summary>What is left does not finish the job anywhere: said before it is spent on half of it, and in whole dollars, since prices flicker.</summary>
    public static string TooLittle(DecisionContext c, BeyondBudget beyond, Money max)
    {
        var spent = c.State.SpentAt(c.Now);
        return string.Create(CultureInfo.InvariantCulture,
            $"{(spent < max ? max - spent : Money.Zero)} of the budget of {max} is left, and nothing that fits is expected to finish for less than about ${decimal.Ceiling(beyond.Total.Dollars):0}{GoOn(c, spent + beyond.Total, max, WithADollarMore)}");
    }

    /// <summary>A job that shares its budget waits for what others give back of it.</summary>
    public static void Exhaust(DecisionContext c, string why)
    {
        if (SharedBudget.MayComeBack(c))
        {
            Turn.Wait(c, BatchHoldKind.Budget);
        }
        else
        {
            c.Emit(new VerdictReached(c.State.Terms.OnExhausted == BudgetExhausted.Pause ? JobPhase.Paused : JobPhase.Failed) { At = c.Now, Why = why, OfBudget = true });
        }
    }

    /// <summary>What beginning on an offer costs until it runs, with checkpoints to send (see <see cref="LastUploads"/>), and the time to leave it again.</summary>
    private static (Money Begin, Money Leave) Whole(JobState state, OfferTaken offer, Policies policies)
    {
        var boot = state.Terms.Boot ?? policies.TimingsOf(offer.Provider).Boot;
        var restore = state.NewestCheckpoint?.Bytes ?? 0;
        var begin = offer.CostOf(boot) + offer.DownPerGB.PerGBFor(offer.ImageBytes) + offer.CostOfFetching(offer.DataBytes + restore)
            + offer.UpPerGB.PerGBFor(2 * offer.CheckpointBytes);
        return (begin, offer.CostOf(boot + LeavingTime(state, policies)) - offer.CostOf(boot));
    }

    /// <summary>The checkpoint that may be on its way, and the last one.</summary>
    private static Money LastUploads(Attempt attempt) => attempt.OnItsWay() + attempt.OnItsWay();

    private static Money Leaving(JobState state, Attempt attempt, Policies policies, DateTimeOffset now) =>
        attempt.CostAt(now + LeavingTime(state, policies)) - attempt.CostAt(now);

    private static Money Capped(JobState state, OfferTaken offer, Money leaving, Money max, Policies policies)
    {
        // Of a unit there is no part: it is paid for whole or not begun.
        if (HasUnits(offer))
        {
            return leaving;
        }

        var most = new Money(max.MicroDollars / Share(state, policies));
        return leaving < most ? leaving : most;
    }

    /// <summary>A small budget is not all kept back: a tenth of it at most, or half where uploads are known to take long.</summary>
    private static int Share(JobState state, Policies policies) => Upload(state) > policies.BudgetFlush ? 2 : 10;

    private static TimeSpan LeavingTime(JobState state, Policies policies)
    {
        var upload = Upload(state);
        upload = upload > policies.Flush ? policies.Flush : upload;
        return state.Terms.DrainGrace + (upload > policies.BudgetFlush ? upload : policies.BudgetFlush) + policies.Clean;
    }

    /// <summary>What storing the newest checkpoint took.</summary>
    private static TimeSpan Upload(JobState state) => state.Checkpoints is [.., { Upload: { } took }] ? took : TimeSpan.Zero;

    /// <summary>A unit that costs something is not begun by a destroy that comes a moment late.</summary>
    private static TimeSpan Notice(OfferTaken offer) => HasUnits(offer) ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1);

    private static bool HasUnits(OfferTaken offer) => offer.BillingUnit >= TimeSpan.FromMinutes(1);

    private static void CutOff(DecisionContext c, Attempt attempt, string why)
    {
        if (attempt.Reason == EndReason.Succeeded && attempt.Phase < AttemptPhase.Passing)
        {
            c.LoseSuccess(attempt, why);
        }

        c.End(attempt, EndReason.BudgetExhausted, why);
        c.Enter(attempt, AttemptPhase.Terminating, why);
    }
}
