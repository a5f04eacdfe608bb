using System.Globalization;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Ticks;

/// <summary>What a person is told of a deadline that will probably be missed, and what it would cost to make it.</summary>
public static class DeadlineRisk
{
    /// <param name="state">A job with a deadline that has not ended.</param>
    /// <param name="plan">For it, without a limit on what the way to make the deadline may cost.</param>
    /// <param name="policies">Of the engine.</param>
    /// <param name="now">The instant of the plan.</param>
    /// <returns>Null where the deadline is made in nine runs of ten, or its safety net will still see to it.</returns>
    public static string? Of(JobState state, Plan plan, Policies policies, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(policies);
        if (state.Terms.Deadline is not { } deadline)
        {
            return null;
        }

        var name = $"{state.Name}{state.Id}";
        var due = deadline.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        if (now >= deadline)
        {
            return $"{name} has missed its deadline {due}";
        }

        var current = state.Current();
        var left = state.Terms.MaxTotal - state.SpentAt(now);
        var saver = plan.Fallbacks.FirstOrDefault();
        var isAffordable = saver is { Forecast: { } sure } && !(sure.Total > left);
        if (plan.StaysInTime || (isAffordable && current is null or { Offer.Capacity: CapacityType.Interruptible }))
        {
            return null;
        }

        var late = current is not null && plan.Stay is { } stay ? now + stay.Forecast?.Median - deadline : plan.MissedBy;
        if (late > TimeSpan.Zero)
        {
            return $"{name} will probably miss its deadline {due} by about {Hours(late.Value)}{Saving(state, plan, saver, isAffordable, left)}";
        }

        // It may still be made by luck. From the latest start on it takes more money to be sure of it.
        return saver is { Forecast: { } way } && !isAffordable && now + way.Time90 + policies.DeadlineMargin >= deadline
            ? $"{name} may miss its deadline {due}{Saving(state, plan, saver, isAffordable, left)}"
            : null;
    }

    private static string Saving(JobState state, Plan plan, Choice? saver, bool isAffordable, Money? left)
    {
        if (saver is not { Forecast: { } way, Offer: var offer })
        {
            return ": no offer that is known would make it; more would (resources, providers)";
        }

        var saves = $": {offer.Host ?? $"{offer.Provider} {offer.Id}"}, which nobody takes away, would make it for about {way.Total} from now on{Instead(plan)}";
        return isAffordable ? saves
            : state.Terms.Batch is { SharesBudget: true } batch ? $"{saves}, and {left} is left of what it holds of the budget of {batch.Name}: orchestrator batch {batch.Name} --budget AMOUNT"
            : $"{saves}, and {left} is left of its budget: orchestrator resume {state.Id.Value} --budget {Dollars(state, way, left)}";
    }

    /// <summary>What it costs as it goes now: where it runs, else where the plan would take it.</summary>
    private static string Instead(Plan plan) =>
        (plan.Stay ?? plan.Choices.FirstOrDefault())?.Forecast is { } planned ? $", where the present plan costs about {planned.Total}" : "";

    private static string Hours(TimeSpan late) => late.TotalHours < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{late.TotalMinutes:0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{late.TotalHours:0.#} h");

    /// <summary>What it must be in all, in whole dollars.</summary>
    private static string Dollars(JobState state, Forecast way, Money? left) =>
        Math.Ceiling((state.Terms.MaxTotal!.Value - left!.Value + way.Total90).Dollars).ToString("0", CultureInfo.InvariantCulture);
}
