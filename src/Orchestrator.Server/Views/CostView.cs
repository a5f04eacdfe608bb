using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Spending;

namespace Orchestrator.Server.Views;

/// <summary><c>orchestrator cost</c>: a row for each job, and the providers' bills below.</summary>
public static class CostView
{
    public static IEnumerable<string> Lines(CostReply cost, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(cost);
        if (cost.Jobs.IsEmpty)
        {
            var nothing = cost.Orphans.IsEmpty ? "nothing was rented" : "no job rented anything";
            return [cost.Since is { } since ? $"{nothing} since {Say.When(since, now, zone)}" : $"{nothing} yet", .. Orphans(cost, width, paint)];
        }

        return [.. Jobs(cost, width, paint), .. Providers(cost, width, paint), .. OnDemand(cost, width), .. Orphans(cost, width, paint), .. Instances(cost, width, paint, now, zone)];
    }

    private static IEnumerable<string> Jobs(CostReply cost, int width, Paint paint)
    {
        var twice = cost.Jobs.GroupBy(job => job.Name, StringComparer.Ordinal).Where(of => of.Count() > 1).Select(of => of.Key).ToHashSet(StringComparer.Ordinal);
        var table = new TextTable(
            new("", 12), new("TOTAL", 5, IsRight: true), new("compute", 5, IsRight: true), new("disk", 4, IsRight: true, CanGo: true), new("moves", 4, IsRight: true, CanGo: true),
            new("lost work", 4, IsRight: true), new("never booted", 4, IsRight: true), new("", 0));
        var allowed = cost.Allowed is { } most ? $"of ${Say.Dollars(most)} allowed" : "";
        foreach (var job in cost.Jobs)
        {
            Row(twice.Contains(job.Name) ? string.Create(CultureInfo.InvariantCulture, $"{job.Name}#{job.Id}") : job.Name, job.Cost, cost.Jobs.Length == 1 ? allowed : "");
        }

        if (cost.Jobs.Length > 1)
        {
            Row("all", cost.Total, allowed);
        }

        return table.Lines(width, paint);

        void Row(string name, CostParts parts, string words)
        {
            var cents = Cents.Of([parts.Compute, parts.Disk, parts.Moves, parts.LostWork, parts.NeverBooted]);
            table.Add(
                [name, Say.Dollars(cents.Sum()), .. cents.Select(Say.Dollars), words],
                (column, cell) => column is 5 or 6 && cents[column - 2] > 0 ? paint.Warn(cell) : column == 1 ? paint.Strong(cell) : cell);
        }
    }

    private static IEnumerable<string> Providers(CostReply cost, int width, Paint paint)
    {
        var words = string.Join(" · ", cost.Providers.Select(one => $"{one.Provider} {Say.Dollars(one.Metered)}{Bill(one)}"));
        foreach (var line in Prose.Lines(" by provider   ", words, width - 1))
        {
            yield return line;
        }

        foreach (var one in cost.Providers.Where(one => one.Differs))
        {
            yield return paint.Warn(Clean.Line($" {one.Provider}: the bill differs from our meter; which instances: orchestrator cost --job JOB", width - 1));
        }
    }

    /// <summary>Where all of it was on demand, there is nothing to say.</summary>
    private static IEnumerable<string> OnDemand(CostReply cost, int width) => cost.OnDemand is not { } full || (full.Unknown == 0 && full.Cost == full.Instead) ? [] : Prose.Lines(
        " same hours, on-demand only: ",
        full.Unknown > 0 && full.Instead == 0
            ? "not known, no such price was told when they were chosen"
            : $"${Say.Dollars(full.Cost)} instead of ${Say.Dollars(full.Instead)}" + (full.Unknown > 0 ? string.Create(CultureInfo.InvariantCulture, $"; no such price was told for {full.Unknown} more") : ""),
        width - 1);

    private static IEnumerable<string> Orphans(CostReply cost, int width, Paint paint) => cost.Orphans.SelectMany(one => Prose.Lines(
        " ",
        string.Create(CultureInfo.InvariantCulture, $"orphans at {one.Provider}, in no row above: {one.Count}, ${Say.Dollars(one.Cost)}")
            + (one.WithoutPrice > 0 ? $", the provider did not say a price for {one.WithoutPrice}" : "")
            + (one.Live > 0 ? $"; {one.Live} not known to be gone: orchestrator account test {one.Provider}" : ""),
        width - 1).Select(line => one.Live > 0 ? paint.Warn(line) : line));

    private static string Bill(CostProvider one) => one switch
    {
        { Charged: null, Open: 0 } => "",
        { Charged: null } => " (no bill yet)",
        { Charged: { } charged, Apart: var apart } =>
            $" ({(one.Open > 0 ? "their bill so far" : "their bill")} {Say.Dollars(charged)}{(apart is { } share ? $", {Percent(share)} apart{(share > BillGap.Share && !one.Differs ? " (under 2 cents)" : "")}" : "")})",
    };

    /// <summary>Of the one job that was asked for.</summary>
    private static IEnumerable<string> Instances(CostReply cost, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (cost.Instances.IsEmpty)
        {
            return [];
        }

        var table = new TextTable(
            new("ATTEMPT", 7, IsRight: true), new("INSTANCE", 12), new("FROM", 5), new("TO", 5), new("METERED", 7, IsRight: true), new("BILL", 6, IsRight: true), new("", 0));
        foreach (var one in cost.Instances)
        {
            var about = one.Extra ? "a second one under its label" : one.Cost.NeverBooted > 0 ? "never booted" : one.Cost.LostWork > 0 ? $"{Fine(one.Cost.LostWork)} of work lost" : "";
            var state = !one.Frozen ? "lives" : one is { Charged: not null, Settled: false } ? "bill so far" : one.Differs ? "they differ" : "";
            table.Add(
                [
                    one.Attempt.ToString(CultureInfo.InvariantCulture), $"{one.Provider} {one.Instance}", Say.When(one.From, now, zone), one.Until is { } until ? Say.When(until, now, zone) : "now",
                    Fine(one.Metered), one.Charged is { } charged ? Fine(charged) : "-", string.Join(", ", ((string[])[about, state]).Where(part => part.Length > 0)),
                ],
                (_, cell) => one.Differs ? paint.Warn(cell) : cell);
        }

        return ["", .. table.Lines(width, paint)];
    }

    /// <summary>Instances cost cents; providers round to a tenth of one.</summary>
    private static string Fine(decimal dollars) => dollars.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Percent(decimal share) => share >= 10 ? "over 1000 %" : (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
