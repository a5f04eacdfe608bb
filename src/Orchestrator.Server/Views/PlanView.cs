using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>plan</c>: the best offers with what finishing there costs, and why the others do not do.</summary>
public static class PlanView
{
    private const int Shown = 5;

    /// <param name="plan">What to show.</param>
    /// <param name="width">Columns; no line is longer.</param>
    /// <param name="paint">Colours.</param>
    /// <param name="now">For "today".</param>
    /// <param name="zone">For times.</param>
    /// <param name="run">The command that would run the job; null = not known.</param>
    public static IEnumerable<string> Lines(PlanReply plan, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone, string? run = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<string> lines =
        [
            .. PlanHead.Lines(plan, width),
            .. plan.Rehearsal is { } stamp ? Entry("ready", RehearsalView.Stamp(stamp, zone), width) : [],
            "",
            .. plan.Choices.IsEmpty ? ["no offer would do now"] : PlanTable.Lines(plan, width, paint),
            "",
            .. Market(plan, width),
        ];
        void Add(string label, string? text) => lines.AddRange(text is null ? [] : Entry(label, text, width));

        foreach (var (label, text) in PlanWords.Starts(plan, now, zone))
        {
            Add(label, text);
        }

        if (plan.Choices is [var best, ..])
        {
            foreach (var (label, text) in PlanWords.Best(plan, best, now, zone))
            {
                Add(label, text);
            }
        }

        Add("budget", PlanWords.OverBudget(plan));
        Add("due", plan.Deadline is { } deadline ? $"{Say.When(deadline, now, zone)}: {PlanWords.Due(plan, now, zone)}" : null);
        foreach (var line in plan.Missing)
        {
            // What to write and what for, as the file itself would have it.
            Add("add", line.Replace("    ", "  # ", StringComparison.Ordinal));
        }

        lines.AddRange(Last(plan, run, width));
        return lines;
    }

    /// <summary><c>--explain OFFER</c>: every number and where it comes from.</summary>
    public static IEnumerable<string> Figures(PlanChoice choice, int width, Paint paint)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var table = new TextTable(new("FIGURE", 12), new("VALUE", 10), new("FROM", 9));
        foreach (var figure in choice.Figures)
        {
            table.Add([figure.Name, figure.Value, figure.Origin]);
        }

        // A value that is cut off explains nothing: where the table is too wide, each goes over as many lines as it needs.
        var names = choice.Figures.Select(figure => figure.Name.Length).DefaultIfEmpty().Max();
        var figures = table.Width <= width ? table.Lines(width, paint) : choice.Figures.SelectMany(figure => names < width / 2
            ? Prose.Lines(" " + Clean.Line(figure.Name).PadRight(names + 2), $"{figure.Value} · {figure.Origin}", width - 1)
            : Prose.Lines(" ", $"{figure.Name}: {figure.Value} · {figure.Origin}", width - 1));
        return [.. Prose.Lines("", $"{PlanWords.Title(choice)}: {PlanWords.Total(choice.Total)} to finish, {PlanWords.Total(choice.Total90)} at 90 %", width - 1), .. figures];
    }

    /// <summary><c>--explain rejected</c>: some of each kind, with their numbers.</summary>
    public static IEnumerable<string> Rejected(PlanReply plan, int width)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var group in plan.Rejected)
        {
            var shown = group.Sample.Length;
            yield return Clean.Line($"{group.Count} {group.Why}{(shown < group.Count ? $" ({shown} of them shown; --json shows no more)" : "")}", width - 1);
            foreach (var line in group.Sample.SelectMany(one => Prose.Lines("  ", $"{one.Provider} {one.Offer}: {one.Words}", width - 1)))
            {
                yield return line;
            }
        }

        if (plan.Rejected.IsEmpty)
        {
            yield return $"none of {plan.Offers} offers is rejected";
        }
    }

    private static IEnumerable<string> Last(PlanReply plan, string? run, int width)
    {
        if (plan.Choices.IsEmpty && !plan.NeverStarts)
        {
            return Prose.Lines("", "Nothing was rented. A job that is run now waits until something fits.", width - 1);
        }

        var line = "Nothing was rented." + (run is null ? "" : $" Run it: {run}");
        // A command is never broken: it is there to be copied.
        return run is null || line.Length < width ? [line] : ["Nothing was rented. Run it:", run];
    }

    internal static IEnumerable<string> Entry(string label, string text, int width) => Prose.Lines(label.Length < 9 ? label.PadRight(9) : label + ": ", text, width - 1);

    private static IEnumerable<string> Market(PlanReply plan, int width)
    {
        var rejected = plan.Fit < plan.Offers ? $", {plan.Offers - plan.Fit} rejected (--explain rejected names some of each)" : "";
        foreach (var line in Prose.Lines("", $"{plan.Offers} offers: {plan.Fit} fit{rejected}{(plan.Complete ? "" : "; not all of the market is seen")}", width - 1))
        {
            yield return line;
        }

        foreach (var line in Wrapped([.. plan.Rejected.Select(group => $"{group.Count} {Clean.Line(group.Why, 60)}")], width))
        {
            yield return "  " + line;
        }

        foreach (var group in plan.NearMisses.Take(Shown))
        {
            var sample = group.Sample is [var one, ..] ? $" ({one.Provider}/{one.Offer}: {Clean.Line(one.Words, 120)})" : "";
            foreach (var line in Entry("nearly", $"{group.Count} {(group.Count == 1 ? "fails" : "fail")} in one point only, {Clean.Line(group.Why, 60)}{sample}", width))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Wrapped(ImmutableArray<string> parts, int width)
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
