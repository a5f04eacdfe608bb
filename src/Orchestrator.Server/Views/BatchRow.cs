using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>A batch as one line of the job list: <c>batch NAME</c> shows its jobs.</summary>
internal static class BatchRow
{
    /// <summary>In the order in which a person asks.</summary>
    private static readonly (string Mark, string Word, string[] States)[] _kinds =
    [
        ("\u2713", "done", ["succeeded"]),
        ("\u25b6", "running", ["active", "recovering"]),
        ("\u2026", "waiting", ["pending", "scheduled", "waiting"]),
        ("\u2016", "paused", ["paused"]),
        ("\u2717", "failed", ["failed", "deadline-missed"]),
        ("-", "cancelled", ["cancelled"]),
    ];

    internal static string[] Cells(ImmutableArray<JobSummary> jobs, DateTimeOffset now, TimeZoneInfo zone)
    {
        var batch = jobs[0].Batch!;
        var live = jobs.Where(job => !Words.IsEnded(job.State)).ToList();
        var saved = live.Where(job => job.LastCheckpoint is not null).Select(job => now - job.LastCheckpoint!.At).DefaultIfEmpty().Max();
        return
        [
            "",
            string.Create(CultureInfo.InvariantCulture, $"{batch.Name}  {jobs.Length}"),
            string.Join(' ', Kinds(jobs).Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count}{kind.Mark}"))),
            Progress(jobs),
            live.Count > 0 && live.All(job => job.DoneAt is not null) ? Say.When(live.Max(job => job.DoneAt), now, zone) : live.Count == 0 ? Say.When(jobs.Max(job => job.DoneAt), now, zone) : "-",
            Where(live),
            live.Any(job => job.PricePerHour is not null) ? live.Sum(job => job.PricePerHour ?? 0).ToString("0.000", CultureInfo.InvariantCulture) : "-",
            Say.Spent(jobs.Sum(job => job.Cost), batch.Budget),
            saved > TimeSpan.Zero ? Say.For(saved) : "-",
            jobs.Sum(job => job.Interruptions).ToString(CultureInfo.InvariantCulture),
        ];
    }

    /// <summary><c>27 done, 8 running</c>.</summary>
    internal static string Counted(ImmutableArray<JobSummary> jobs) => string.Join(", ", Kinds(jobs).Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count} {kind.Word}")));

    private static IEnumerable<(string Mark, string Word, int Count)> Kinds(ImmutableArray<JobSummary> jobs) =>
        _kinds.Select(kind => (kind.Mark, kind.Word, jobs.Count(job => kind.States.Contains(job.State)))).Where(kind => kind.Item3 > 0);

    /// <summary>What has ended has made its way, whatever its end; of what does not say how many steps it takes nothing is known.</summary>
    private static string Progress(ImmutableArray<JobSummary> jobs)
    {
        var shares = jobs.Select(job => job.State == "succeeded" ? 1 : job.Progress is { } at ? Say.Share(at.Step, at.Total) : 0).ToList();
        return shares.Any(share => share is null) ? "-" : $"{Say.Percent(shares.Average()!.Value),5}";
    }

    private static string Where(List<JobSummary> live)
    {
        var hosts = live.Where(job => job.Where is not null).ToList();
        return hosts.Count == 0 ? "-"
            : string.Create(CultureInfo.InvariantCulture, $"{hosts.Count} {(hosts.Count == 1 ? "host" : "hosts")}: {string.Join(", ", hosts.GroupBy(job => job.Where!.Split(' ')[0], StringComparer.Ordinal).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()}"))}");
    }
}
