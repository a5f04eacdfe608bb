using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Drills.Weekend;

/// <summary>What must hold of a batch's weekend when all is over.</summary>
internal sealed class BatchWeekendJudge(BatchWeekend weekend, IReadOnlyList<InstanceBooks> books, IReadOnlyList<JsonNode> told)
{
    public IEnumerable<WeekendCheck> Checks() => [new("all submitted", [.. Counted()]), new("budgets", [.. Budgets()]), new("books", [.. books.SelectMany(one => one.Problems())]), new("warm hosts", [.. Warm()]), new("messages", [.. Messages()])];

    /// <summary>What of one job is not as asked.</summary>
    public IEnumerable<string> Of(JsonNode job)
    {
        var state = BatchWeekend.State(job);
        var asked = weekend.SingleOf(job) is { } single ? Saturday.EndOf(single)
            : BatchWeekend.Cell(job) == Saturday.FailingCell ? "failed" : "succeeded";
        if (state != asked)
        {
            yield return $"it is {state} ({job["reason"]}), and should be {asked}";
        }

        if (IsLost(job) && !weekend.Befell.ContainsKey(BatchWeekend.Id(job)))
        {
            yield return "nothing befell it";
        }
    }

    private bool IsLost(JsonNode job) => weekend.SingleOf(job) == Saturday.Unlucky || BatchWeekend.Cell(job).EndsWith(Saturday.LostWidth, StringComparison.Ordinal);

    private IEnumerable<string> Counted()
    {
        if (weekend.Jobs.Count(weekend.IsMember) != weekend.Members || weekend.Jobs.Count != weekend.Members + Saturday.Singles.Count + 1)
        {
            yield return $"there are {weekend.Jobs.Count} jobs, {weekend.Jobs.Count(weekend.IsMember)} of them of the sweep";
        }

        if (!weekend.WasKilled)
        {
            yield return "the server was never killed";
        }
    }

    private IEnumerable<string> Warm()
    {
        if (!books.Any(one => one.Owners > 1))
        {
            yield return "no host passed from job to job";
        }
    }

    private IEnumerable<string> Budgets()
    {
        var sweep = weekend.Jobs.Where(weekend.IsMember).Sum(Cost);
        if (sweep > Saturday.SweepBudget)
        {
            yield return Dollars("the sweep", sweep, Saturday.SweepBudget);
        }

        var dear = weekend.Jobs.Where(job => weekend.SingleOf(job) == Saturday.TooDear).Sum(Cost);
        if (dear is 0 or > Saturday.TooDearBudget)
        {
            yield return Dollars(Saturday.TooDear, dear, Saturday.TooDearBudget);
        }

        static string Dollars(string what, decimal cost, decimal budget) => string.Create(CultureInfo.InvariantCulture, $"{what} has cost ${cost:0.0000} of ${budget:0.00}");
    }

    /// <summary>Of a batch one message a kind and day, and one of its end; of a single job one of its end.</summary>
    private IEnumerable<string> Messages()
    {
        foreach (var twice in told.GroupBy(one => (Topic(one), one["job"]?.ToString(), one["title"]!.ToString())).Where(of => of.Count() > 1 && of.Key.Item1 is not ("start" or "attention")))
        {
            yield return $"{twice.Count()} times: {twice.Key}";
        }

        foreach (var job in weekend.Jobs.Where(job => !weekend.IsMember(job)))
        {
            var topic = BatchWeekend.State(job) switch { "succeeded" => "finish", "failed" => "fail", _ => "budget" };
            if (!told.Any(one => Topic(one) == topic && one["job"]?.GetValue<long>() == BatchWeekend.Id(job)))
            {
                yield return $"nobody was told \"{topic}\" of {job["name"]}";
            }
        }

        foreach (var member in told.Where(one => Topic(one) is "finish" && weekend.Jobs.Any(job => weekend.IsMember(job) && BatchWeekend.Id(job) == one["job"]?.GetValue<long>())))
        {
            yield return $"one of the sweep was told of alone: {member["title"]}";
        }

        if (told.Count(one => one["title"]!.ToString().StartsWith($"{Saturday.Sweep} has ended: {weekend.Members - 1} of {weekend.Members} done", StringComparison.Ordinal)) != 1)
        {
            yield return $"the end of the sweep was not told once: {string.Join("; ", told.Where(one => one["title"]!.ToString().StartsWith(Saturday.Sweep, StringComparison.Ordinal)).Select(one => one["title"]))}";
        }
    }

    private static string Topic(JsonNode message) => message["topic"]!.GetValue<string>();

    private static decimal Cost(JsonNode job) => job["cost"]!.GetValue<decimal>();
}
