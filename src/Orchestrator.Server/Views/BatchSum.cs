using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The jobs of a batch taken together, as a list shows them in one line.</summary>
public sealed record BatchSum
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

    public required BatchPlace Batch { get; init; }

    public required int Jobs { get; init; }

    public required int Live { get; init; }

    /// <summary><c>27✓ 8▶</c>.</summary>
    public required string Marks { get; init; }

    /// <summary><c>27 done, 8 running</c>.</summary>
    public required string Counted { get; init; }

    /// <summary>0 to 1. What has succeeded has made its way; null = one does not say how many steps it takes.</summary>
    public double? Share { get; init; }

    /// <summary>When the last one is done; null = not known of all.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary><c>8 hosts: vast 5, runpod 3</c>; null = none.</summary>
    public string? Where { get; init; }

    /// <summary>Dollars an hour; null = nothing is rented.</summary>
    public decimal? PerHour { get; init; }

    public decimal Cost { get; init; }

    /// <summary>The oldest of the newest checkpoints of those that live; null = there is none.</summary>
    public TimeSpan? Saved { get; init; }

    public int Interruptions { get; init; }

    /// <summary>Jobs in the order in which they are given: those of one batch as one, where there are several.</summary>
    public static IEnumerable<(JobSummary First, BatchSum? Sum)> Grouped(IEnumerable<JobSummary> jobs, DateTimeOffset now) =>
        jobs.GroupBy(job => (Batch: job.Batch?.Id, Job: job.Batch is null ? job.Id : 0))
            .Select(group => (group.First(), group.First().Batch is not null && group.Skip(1).Any() ? Of([.. group], now) : null));

    /// <param name="jobs">Of one batch, at least one.</param>
    /// <param name="now">The instant.</param>
    public static BatchSum Of(ImmutableArray<JobSummary> jobs, DateTimeOffset now)
    {
        var live = jobs.Where(job => !Words.IsEnded(job.State)).ToList();
        var shares = jobs.Select(job => job.State == "succeeded" ? 1 : job.Progress is { } at ? Say.Share(at.Step, at.Total) : 0).ToList();
        var hosts = live.Where(job => job.Where is not null).ToList();
        var kinds = Kinds(jobs).ToList();
        return new()
        {
            Batch = jobs[0].Batch!,
            Jobs = jobs.Length,
            Live = live.Count,
            Marks = string.Join(' ', kinds.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count}{kind.Mark}"))),
            Counted = Spell(kinds),
            Share = shares.Any(share => share is null) ? null : shares.Average(),
            DoneAt = live.Count == 0 ? jobs.Max(job => job.DoneAt) : live.All(job => job.DoneAt is not null) ? live.Max(job => job.DoneAt) : null,
            Where = hosts.Count == 0 ? null
                : string.Create(CultureInfo.InvariantCulture, $"{hosts.Count} {(hosts.Count == 1 ? "host" : "hosts")}: {string.Join(", ", hosts.GroupBy(job => job.Where!.Split(' ')[0], StringComparer.Ordinal).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()}"))}"),
            PerHour = live.Any(job => job.PricePerHour is not null) ? live.Sum(job => job.PricePerHour ?? 0) : null,
            Cost = jobs.Sum(job => job.Cost),
            Saved = live.Where(job => job.LastCheckpoint is not null).Select(job => (TimeSpan?)(now - job.LastCheckpoint!.At)).Max(),
            Interruptions = jobs.Sum(job => job.Interruptions),
        };
    }

    /// <summary><c>27 done, 8 running</c>.</summary>
    public static string CountedOf(ImmutableArray<JobSummary> jobs) => Spell(Kinds(jobs));

    private static string Spell(IEnumerable<(string Mark, string Word, int Count)> kinds) => string.Join(", ", kinds.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count} {kind.Word}")));

    private static IEnumerable<(string Mark, string Word, int Count)> Kinds(ImmutableArray<JobSummary> jobs) =>
        _kinds.Select(kind => (kind.Mark, kind.Word, Count: jobs.Count(job => kind.States.Contains(job.State)))).Where(kind => kind.Count > 0);
}
