using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// The host of a job that has failed by its own fault stays for a while, so that a person can look (<c>on-failure.keep-host</c>). All that is
/// worth keeping is stored by then, and its end is bounded by time, cost, budget, rental and hours, whoever looks; then it is wiped and destroyed
/// like any other. Nothing else begins beside it: the job's end is decided.
/// </summary>
internal static class Holding
{
    public static bool IsHeld(Attempt attempt) => attempt is { Phase: AttemptPhase.Draining, Held: not null };

    /// <returns>Whether it is kept.</returns>
    public static bool Begin(DecisionContext c, Attempt attempt)
    {
        if (c.State.Terms.KeepHost is not { } keep || c.State.Verdict?.Phase != JobPhase.Failed || attempt.Number != c.State.Attempts.Length
            || !(attempt.Reason.IsUserFailure() || attempt.Reason == EndReason.StopCondition))
        {
            return false;
        }

        var until = End(attempt with { Held = new HeldHost(c.Now, c.Now + keep.For) }, c.State, c.Policies);
        if (until <= c.Now || IsTooDear(c.State, attempt, c.Policies, c.Now))
        {
            c.Note(attempt.Number, "the host is not kept for a look: neither its time nor the money for it would last until it is wiped");
            return false;
        }

        var cost = attempt.CostAt(until + c.Policies.Clean) - attempt.CostAt(c.Now);
        var number = c.State.Id.Value.ToString(CultureInfo.InvariantCulture);
        c.Emit(new HostHeld(attempt.Number, until)
        {
            At = c.Now,
            Why = string.Create(CultureInfo.InvariantCulture, $"the host is kept until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC for a look, for at most {cost} more: orchestrator ssh {number}; sooner done: orchestrator cancel {number}"),
        });
        return true;
    }

    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (c.Now >= End(attempt, c.State, c.Policies))
        {
            c.Enter(attempt, AttemptPhase.Cleaning, $"the host was kept for {Words.Of(c.Now - attempt.Held!.Since)}, and is not any longer");
        }
        else if (IsTooDear(c.State, attempt, c.Policies, c.Now))
        {
            c.Enter(attempt, AttemptPhase.Cleaning, "the budget does not allow to keep the host any longer");
        }
    }

    /// <returns>Whether there was a kept host to let go of.</returns>
    public static bool Release(DecisionContext c, string by)
    {
        if (c.State.Attempts is not [.., { } newest] || !IsHeld(newest))
        {
            return false;
        }

        c.Enter(newest, AttemptPhase.Cleaning, Words.Clean($"{by} is done with the host"));
        return true;
    }

    /// <summary>When it is let go of, by what is known now.</summary>
    public static DateTimeOffset End(Attempt attempt, JobState state, Policies policies)
    {
        var end = Sooner(attempt.Held!.Until, attempt.Offer.Until - policies.Clean);
        end = Sooner(end, RunWindow.EndOf(attempt, state, policies));
        return state.Terms.KeepHost?.MaxCost is { } most && !attempt.Offer.IsFree ? Sooner(end, CapAt(attempt, attempt.Held, most, policies)) : end;
    }

    /// <summary>What leaving in order costs would not fit any more.</summary>
    private static bool IsTooDear(JobState state, Attempt attempt, Policies policies, DateTimeOffset now) =>
        Budget.IsSpent(state, now) || Budget.MustLeave(state, attempt, policies, now);

    /// <summary>The first whole second from which on it would cost more than the most until it is wiped; prices have steps, so that it is searched for.</summary>
    private static DateTimeOffset CapAt(Attempt attempt, HeldHost held, Money most, Policies policies)
    {
        var (fits, over) = (-1L, (long)Math.Max(0, Math.Ceiling((held.Until - held.Since).TotalSeconds)) + 1);
        while (over - fits > 1)
        {
            var middle = fits + ((over - fits) / 2);
            (fits, over) = attempt.CostAt(held.Since.AddSeconds(middle) + policies.Clean) - attempt.CostAt(held.Since) > most ? (fits, middle) : (middle, over);
        }

        return held.Since.AddSeconds(over);
    }

    private static DateTimeOffset Sooner(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}
