using System.Globalization;
using Orchestrator.Offers;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>What is said below a plan's table, label by label.</summary>
internal static class PlanWords
{
    public static string RankedBy(PlanReply plan) => plan.RankedBy switch
    {
        "cost" => "expected cost to finish",
        "speed" => "time to finish",
        _ => "price per hour",
    };

    public static string Title(PlanChoice choice) => PlanTable.Name(choice) + (choice.Bid is { } bid ? $" bid {Price(bid)}" : "");

    public static string Total(decimal? dollars) => dollars is { } some ? "$" + Say.Dollars(some) : "-";

    /// <summary>When it begins, what it waits for, and whether waiting would be cheaper.</summary>
    public static IEnumerable<(string Label, string? Text)> Starts(PlanReply plan, DateTimeOffset now, TimeZoneInfo zone)
    {
        var cheapest = plan.CheapestHour?.PerHour;
        if (plan.NeverStarts)
        {
            yield return ("starts", "never: the hours of its schedule have no time in common");
        }
        else if (plan.Waits is { } wait)
        {
            var wanted = $"once {wait.Gpu ?? "hosts without a GPU"} cost about ${Price(wait.PerHour)}/h ({wait.Capacity}) as usual, {Say.When(wait.Until, now, zone)} at the latest";
            yield return ("starts", $"{wanted}: ${Say.Dollars(wait.Total)} to finish instead of {Total(plan.Choices.FirstOrDefault()?.Total)} now, and the deadline leaves time (schedule.start-below sets another price)");
        }
        else if (plan.StartsAt is { } at)
        {
            yield return ("starts", $"{Say.When(at, now, zone)}, as its schedule says; until then prices may change");
        }
        else if (cheapest is { } price && !(price >= plan.StartBelow))
        {
            yield return ("starts", "now" + Usual(plan.Market, now, zone));
        }

        if (plan.StartBelow is { } below)
        {
            yield return ("waits", $"for less than ${Price(below)}/h: the cheapest that fits costs {(cheapest is { } least ? $"${Price(least)}/h now{(least < below ? ", which would do" : "")}" : "more than it may, or is not there")}");
        }
    }

    /// <summary>Of the best choice.</summary>
    public static IEnumerable<(string Label, string? Text)> Best(PlanReply plan, PlanChoice best, DateTimeOffset now, TimeZoneInfo zone)
    {
        yield return ("done", plan is { DoneAt: { } done, DoneAt90: { } late }
            ? $"{Say.When(done, now, zone)}, at 90 % {Say.When(late, now, zone)}{Late(plan, best, late)}"
            : null);
        yield return ("saves", best.Checkpoints is { } rhythm ? Saves(rhythm) : null);
        yield return ("fastest", plan.Fastest is { MedianSeconds: { } soonest, Total: { } price } fastest && !PlanTable.IsSame(fastest, best) && soonest < best.MedianSeconds
            ? $"{Title(fastest)}: {Span(soonest)} instead of {Span(best.MedianSeconds.Value)}, for {Total(price)}, {Against(price, best.Total)}"
            : null);
        yield return ("hourly", plan.CheapestHour is { Total: { } dear } hour && !PlanTable.IsSame(hour, best)
            ? $"{Title(hour)} has the lowest price per hour, ${Price(hour.PerHour)}: {Total(dear)} to finish, {Against(dear, best.Total)}"
            : null);
        yield return ("limits", Limits(plan, best));
        yield return ("secrets", plan.VisibleSecrets.IsEmpty ? null
            : $"{string.Join(", ", plan.VisibleSecrets.Select(name => Clean.Line(name, 60)))} could be read by whoever owns this {best.Tier} host: store tokens that can only read, or write sensitive: true");
        yield return ("if we vanish", best.Tier == Words.Of(OfferTier.Own) ? "it is your own machine: training goes on there, nothing is rented"
            : best.LeaseSeconds is { } lease ? LeaseWords.Bounded(TimeSpan.FromSeconds(lease), best.PerHour)
                + "; " + LeaseWords.BeforeLease(best.AloneSeconds is { } alone ? TimeSpan.FromSeconds(alone) : null, best.PerHour)
            : best.Until is { } until ? $"the rental ends by itself {Say.When(until, now, zone)}; until then it costs ${Price(best.PerHour)}/h"
            : LeaseWords.Unbounded(best.PerHour));
    }

    public static string? OverBudget(PlanReply plan) => plan is { OverBudget: { Total: { } needed, Total90: { } mostly } dear, Budget: { } allowed }
        ? $"{Title(dear)} is the cheapest that only the budget speaks against: ${Say.Dollars(needed)} expected, ${Say.Dollars(mostly)} at 90 %, of ${Say.Dollars(allowed)} allowed"
        : null;

    /// <summary>What the deadline falls back to, and until when it need not.</summary>
    public static string Due(PlanReply plan, DateTimeOffset now, TimeZoneInfo zone) => plan switch
    {
        { Work: null } => "nobody knows how much work there is, so nothing is done for it (add an estimate)",
        { Fallback: { } sure, NotBefore: { } starts, MustStartBy: { } latest } when latest < starts =>
            $"no time to spare when it starts: then at once on {Title(sure)} ({Total(sure.Total)}, {Span(sure.Seconds90 ?? 0)} at 90 %)",
        { Fallback: { } sure, MustStartBy: { } latest } when latest > now =>
            $"latest start {Say.When(latest, now, zone)} on {Title(sure)} ({Total(sure.Total)}, {Span(sure.Seconds90 ?? 0)} at 90 %), {Say.For(latest - now)} to spare until then",
        { Fallback: { } sure } => $"no time to spare: starts at once on {Title(sure)} ({Total(sure.Total)}, {Span(sure.Seconds90 ?? 0)} at 90 %)",
        { MissedBySeconds: { } late } => $"missed by about {Span(late)} on the fastest offer that fits; faster ones may make it (resources, providers, budget)",
        { OverBudget: not null } => "nothing that the budget pays makes it",
        _ => "no offer that nobody takes away makes it",
    };

    /// <summary>Where the run of one in ten would be too late, what is to be had for sure is taken before.</summary>
    private static string Late(PlanReply plan, PlanChoice best, DateTimeOffset late) =>
        best.MissesDeadline ? ": expected to miss the deadline"
        : late <= plan.Deadline || plan.Deadline is null ? ""
        : plan.Fallback is null ? ": later than the deadline"
        : ": later than the deadline, so that what is sure in time is taken before (due)";

    private static string Saves(PlanCheckpoints rhythm)
    {
        var why = rhythm.InterruptedEverySeconds is { } between ? Say.YoungDaly(between) + ", " : "";
        var every = rhythm.IsAssumed ? $"every {Span(rhythm.EverySeconds)} assumed, since the trainer decides and nobody has seen it" : $"every {Span(rhythm.EverySeconds)}";
        var stored = rhythm.StoredEverySeconds is { } apart ? string.Create(CultureInfo.InvariantCulture, $", one in {Math.Max(2, apart / rhythm.EverySeconds):0} is stored") : "";
        var loses = rhythm.KeepsUp ? $"; an interruption loses at most {Span(rhythm.EverySeconds + rhythm.UploadSeconds)} of work" : ": THE UPLOAD DOES NOT KEEP UP" + stored;
        return $"{every} ({why}optimum {Span(rhythm.OptimumFromSeconds)} to {Span(rhythm.OptimumToSeconds)}), upload {Span(rhythm.UploadSeconds)}{(rhythm.IsAssumed && rhythm.KeepsUp ? "" : loses)}";
    }

    private static string? Limits(PlanReply plan, PlanChoice best)
    {
        var budget = plan.Budget is not { } allowed ? null
            : best.Total90 is not { } most ? $"${Say.Dollars(allowed)} in all"
            : $"${Say.Dollars(best.Total ?? most)} of ${Say.Dollars(allowed)}, at 90 % ${Say.Dollars(most)}"
                + (most > allowed ? $": more than one run in ten needs more than the budget and {(plan.PausesAtBudget ? "pauses" : "ends")} unfinished" : "");
        var room = plan.RoomPerHour is { } left ? $"the server's limits leave it ${Price(left)}/h" : null;
        return budget is null || room is null ? budget ?? room : $"{budget} · {room}";
    }

    /// <summary>Only where the history of the market is long enough to say.</summary>
    private static string Usual(MarketCard? card, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (card is not { UsualLowest: { } usual })
        {
            return "";
        }

        var words = $"; {card.Gpu ?? "hosts without a GPU"} {card.Capacity} from ${Price(card.Lowest)} a card, {MarketTable.Against(card)} (usually ${Price(usual)}{(card.IsUsualOfThisHour ? " at this hour of the week" : "")})";
        return card is { CheapestAt: { } at, CheapestUsual: { } least } && least < card.Lowest
            ? $"{words}; usually cheapest {Say.When(at, now, zone)}, ${Price(least)} (schedule.at)"
            : words;
    }

    /// <summary>Of what is shown: cents against cents.</summary>
    private static string Against(decimal price, decimal? best)
    {
        var more = Math.Round(price, 2, MidpointRounding.AwayFromZero) - Math.Round(best ?? price, 2, MidpointRounding.AwayFromZero);
        return more == 0 ? "no more" : more > 0 ? $"${Say.Dollars(more)} more" : $"${Say.Dollars(-more)} less";
    }

    private static string Price(decimal dollars) => dollars.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Span(double seconds) => Say.For(TimeSpan.FromSeconds(seconds));
}
