using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>plan</c>: the best offers with what finishing there costs, and why the others do not do.</summary>
public static class PlanView
{
    private const int Shown = 5;

    public static IEnumerable<string> Lines(PlanReply plan, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        yield return $"{Clean.Line(plan.Name, 63)}    ranked by {RankedBy(plan)} · reliability {Clean.Line(plan.Reliability, 120)}";
        yield return plan.Work is { } work
            ? $"work     {Say.For(TimeSpan.FromSeconds(work.Seconds))}{(work.On is { } on ? " on " + Clean.Line(on, 60) : "")}    {Clean.Line(work.Source, 100)}"
            : "work     nobody knows how much: offers are ranked by their price per hour";
        yield return "";
        foreach (var line in Choices(plan, width, paint))
        {
            yield return line;
        }

        yield return "";
        yield return $"{plan.Offers} offers: {plan.Fit} fit{(plan.Fit < plan.Offers ? $", {plan.Offers - plan.Fit} rejected" : "")}";
        foreach (var line in Wrapped([.. plan.Rejected.Select(group => $"{group.Count} {Clean.Line(group.Why, 60)}")], width))
        {
            yield return "  " + line;
        }

        foreach (var group in plan.NearMisses.Take(Shown))
        {
            yield return $"nearly   {group.Count} {(group.Count == 1 ? "fails" : "fail")} in one point only, {Clean.Line(group.Why, 60)}{(group.Sample is [var one, ..] ? $" ({Clean.Line(one, 120)})" : "")}";
        }

        foreach (var line in Starts(plan, now, zone))
        {
            yield return line;
        }

        if (plan.Choices is [{ } best, ..])
        {
            foreach (var line in Best(plan, best, now, zone))
            {
                yield return line;
            }
        }

        if (plan is { OverBudget: { Total: { } needed, Total90: { } mostly } dear, Budget: { } allowed })
        {
            yield return $"budget   {Title(dear)} is the cheapest that only the budget speaks against: ${Say.Dollars(needed)} expected, ${Say.Dollars(mostly)} at 90 %, of ${Say.Dollars(allowed)} allowed";
        }

        if (plan.Deadline is { } deadline)
        {
            yield return $"due      {Say.When(deadline, now, zone)}: {Due(plan, now, zone)}";
        }

        foreach (var line in plan.Missing)
        {
            yield return "add      " + Clean.Line(line, 300);
        }

        yield return "Nothing was rented.";
    }

    /// <summary><c>--explain OFFER</c>: every number and where it comes from.</summary>
    public static IEnumerable<string> Figures(PlanChoice choice, int width, Paint paint)
    {
        yield return $"{Title(choice)}: {Total(choice.Total)} to finish, {Total(choice.Total90)} at 90 %";
        var table = new TextTable(new("FIGURE", 12), new("VALUE", 10), new("FROM", 9));
        foreach (var figure in choice.Figures)
        {
            table.Add([figure.Name, figure.Value, figure.Origin]);
        }

        foreach (var line in table.Lines(width, paint))
        {
            yield return line;
        }
    }

    /// <summary><c>--explain rejected</c>: some of each kind, with their numbers.</summary>
    public static IEnumerable<string> Rejected(PlanReply plan)
    {
        foreach (var group in plan.Rejected)
        {
            yield return $"{group.Count} {Clean.Line(group.Why, 100)}";
            foreach (var line in group.Sample)
            {
                yield return "  " + Clean.Line(line, 200);
            }
        }
    }

    private static IEnumerable<string> Choices(PlanReply plan, int width, Paint paint)
    {
        if (plan.Choices.IsEmpty)
        {
            return ["no offer would do now"];
        }

        var table = new TextTable(
            new("#", 1), new("OFFER", 18), new("GPU", 8), new("BID", 5, IsRight: true), new("$/h", 5, IsRight: true), new("DONE IN", 7, IsRight: true), new("COMPUTE", 7, IsRight: true, CanGo: true),
            new("LOST", 4, IsRight: true, CanGo: true), new("DISK", 4, IsRight: true, CanGo: true), new("MOVES", 5, IsRight: true, CanGo: true),
            new("EGRESS", 6, IsRight: true, CanGo: true), new("NO BOOT", 7, IsRight: true, CanGo: true), new("TOTAL", 6, IsRight: true), new("AT 90 %", 7, IsRight: true, CanGo: true));
        var number = 0;
        foreach (var choice in plan.Choices.Take(Shown))
        {
            Add(table, string.Create(CultureInfo.InvariantCulture, $"{++number}"), choice, paint, isBest: number == 1);
        }

        if (plan.CheapestHour is { } hour)
        {
            Add(table, "$", hour, paint, isBest: false);
        }

        return table.Lines(width, paint);
    }

    private static void Add(TextTable table, string rank, PlanChoice choice, Paint paint, bool isBest) => table.Add(
        [
            rank, Name(choice), Cards(choice), choice.Bid?.ToString("0.000", CultureInfo.InvariantCulture) ?? "", choice.PerHour.ToString("0.000", CultureInfo.InvariantCulture),
            choice.MedianSeconds is { } seconds ? Say.For(TimeSpan.FromSeconds(seconds)) : "-", Part(choice.Compute), Part(choice.LostWork), Part(choice.Disk), Part(choice.Moves),
            Part(choice.StoreEgress), Part(choice.NeverBoots), Total(choice.Total), Total(choice.Total90),
        ],
        (_, cell) => isBest ? paint.Strong(cell) : cell);

    private static IEnumerable<string> Best(PlanReply plan, PlanChoice best, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (plan is { DoneAt: { } done, DoneAt90: { } late })
        {
            yield return $"done     {Say.When(done, now, zone)}, at 90 % {Say.When(late, now, zone)}{(best.MissesDeadline ? ": expected to miss the deadline" : "")}";
        }

        if (best.Checkpoints is { } rhythm)
        {
            var why = rhythm.InterruptedEverySeconds is { } between ? Say.YoungDaly(between) + ", " : "";
            yield return $"saves    every {Span(rhythm.EverySeconds)} ({why}optimum {Span(rhythm.OptimumFromSeconds)} to {Span(rhythm.OptimumToSeconds)}), upload {Span(rhythm.UploadSeconds)}"
                + (rhythm.KeepsUp ? "" : ": THE UPLOAD DOES NOT KEEP UP");
        }

        if (plan is { CheapestHour: { Total: { } dear } hour } && best.Total is { } cheap && dear > cheap && (hour.Provider, hour.Offer) != (best.Provider, best.Offer))
        {
            yield return $"the cheapest hour ({Title(hour)}, {hour.PerHour.ToString("0.000", CultureInfo.InvariantCulture)}/h) would cost ${Say.Dollars(dear)} to finish, ${Say.Dollars(dear - cheap)} more";
        }

        if (plan.Budget is { } budget)
        {
            yield return best.Total90 is { } most ? $"limits   ${Say.Dollars(best.Total ?? most)} of ${Say.Dollars(budget)}, at 90 % ${Say.Dollars(most)}" : $"limits   ${Say.Dollars(budget)} in all";
        }
    }

    /// <summary>What the spec's schedule waits for.</summary>
    private static IEnumerable<string> Starts(PlanReply plan, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (plan.NeverStarts)
        {
            yield return "starts   never: the hours of its schedule have no time in common";
        }
        else if (plan.StartsAt is { } at)
        {
            yield return $"starts   {Say.When(at, now, zone)}, as its schedule says; until then prices may change";
        }

        if (plan.StartBelow is { } below)
        {
            var cheapest = plan.Choices.IsEmpty ? (decimal?)null : plan.Choices.Append(plan.CheapestHour!).Min(choice => choice.PerHour);
            yield return $"waits    for less than ${below.ToString("0.000", CultureInfo.InvariantCulture)}/h: the cheapest that fits costs {(cheapest is { } price ? "$" + price.ToString("0.000", CultureInfo.InvariantCulture) + "/h now" : "more than it may, or is not there")}";
        }
    }

    /// <summary>What the deadline falls back to, and until when it need not.</summary>
    private static string Due(PlanReply plan, DateTimeOffset now, TimeZoneInfo zone) => plan switch
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

    private static string RankedBy(PlanReply plan) => plan.RankedBy switch
    {
        "cost" => "expected cost to finish",
        "speed" => "time to finish",
        _ => "price per hour",
    };

    private static string Name(PlanChoice choice) => Clean.Line($"{choice.Provider} {choice.Offer}", 40);

    private static string Title(PlanChoice choice) => Name(choice) + (choice.Bid is { } bid ? string.Create(CultureInfo.InvariantCulture, $" bid {bid:0.000}") : "");

    private static string Cards(PlanChoice choice) => choice.GpuCount switch
    {
        0 => "none",
        1 => choice.Gpu ?? "1 GPU",
        _ => $"{choice.GpuCount} x {choice.Gpu}",
    };

    private static string Part(decimal? dollars) => dollars is { } some ? Say.Dollars(some) : "-";

    private static string Total(decimal? dollars) => dollars is { } some ? "$" + Say.Dollars(some) : "-";

    private static string Span(double seconds) => Say.For(TimeSpan.FromSeconds(seconds));

    private static IEnumerable<string> Wrapped(IReadOnlyList<string> parts, int width)
    {
        var line = "";
        foreach (var part in parts)
        {
            if (line.Length > 0 && line.Length + part.Length + 3 > width - 4)
            {
                yield return line;
                line = "";
            }

            line += (line.Length > 0 ? " · " : "") + part;
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }
}
