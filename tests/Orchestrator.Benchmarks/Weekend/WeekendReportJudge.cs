using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Drills.Weekend;

/// <summary>Whether a report says what jobs, books and clouds say.</summary>
internal sealed class WeekendReportJudge(WeekendReport report, BatchWeekend weekend, IReadOnlyList<InstanceBooks> books)
{
    /// <summary>Of the sweep: the loss of width 1.</summary>
    private const double BestLoss = 0.101;

    private static readonly string[] _parts = ["compute", "disk", "moves", "lostWork", "neverBooted"];

    private readonly JsonNode _reply = report.Reply;

    /// <param name="interruptions">Trainings that were cut off, by the jobs.</param>
    public WeekendCheck Check(int interruptions) => new("report", [.. Wrong(interruptions)]);

    private IEnumerable<string> Wrong(int interruptions)
    {
        // To the micro-dollar: no store of this weekend asks for what leaves it.
        foreach (var (what, told, counted) in ((string, decimal, decimal)[])
            [
                ("spent", Total(_reply["spent"]!), books.Sum(one => one.Metered)),
                ("the sum of its parts", _parts.Sum(part => _reply["spent"]![part]!.GetValue<decimal>()), Total(_reply["spent"]!)),
                ("the sum of its jobs", Reported().Sum(job => Total(job["cost"]!)), Total(_reply["spent"]!)),
                .. Providers(),
                ("jobs that are done", Count("done"), InState("succeeded")),
                ("jobs that failed", Count("failed"), InState("failed")),
                ("jobs that are paused", Count("paused"), InState("paused")),
                ("jobs that go on", Count("running") + Count("waiting"), 0),
                ("interruptions", _reply["interruptions"]!["count"]!.GetValue<int>(), interruptions),
                ("instances left", _reply["left"]!.AsArray().Sum(place => place!["live"]!.GetValue<int>() + place["owed"]!.GetValue<int>() + place["orphans"]!.GetValue<int>()), 0),
            ])
        {
            if (told != counted)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{what}: {told}, and should be {counted}");
            }
        }

        if (Sweep() is not { } sweep)
        {
            yield return "the sweep is not in it";
            yield break;
        }

        if ((sweep["done"]!.GetValue<int>(), sweep["failed"]!.GetValue<int>(), sweep["live"]!.GetValue<int>()) is var counts && counts != (weekend.Members - 1, 1, 0))
        {
            yield return $"the sweep: {counts} done, failed and live";
        }

        if (sweep["best"] is not { } best || best["metric"]!.GetValue<string>() != "loss" || Math.Abs(best["value"]!.GetValue<double>() - BestLoss) > 1e-9)
        {
            yield return $"the best of the sweep: {sweep["best"]?.ToJsonString()}";
        }

        if (!report.Text.Contains($"{Saturday.Sweep}: {weekend.Members - 1} of {weekend.Members} done, 1 failed", StringComparison.Ordinal))
        {
            yield return "its text does not tell of the sweep";
        }
    }

    private IEnumerable<(string, decimal, decimal)> Providers()
    {
        var told = _reply["providers"]!.AsArray().ToDictionary(one => one!["provider"]!.GetValue<string>(), one => Total(one!["cost"]!));
        return told.Keys.Union(books.Select(one => one.Provider)).Select(name => ($"spent at {name}", told.GetValueOrDefault(name), books.Where(one => one.Provider == name).Sum(one => one.Metered)));
    }

    private IEnumerable<JsonNode> Reported() => _reply["jobs"]!.AsArray().OfType<JsonNode>();

    private JsonNode? Sweep() => _reply["batches"]!.AsArray().SingleOrDefault(batch => batch!["name"]!.GetValue<string>() == Saturday.Sweep);

    private int Count(string what) => _reply["counts"]![what]!.GetValue<int>();

    private int InState(string state) => weekend.Jobs.Count(job => BatchWeekend.State(job) == state);

    private static decimal Total(JsonNode cost) => cost["total"]!.GetValue<decimal>();
}
