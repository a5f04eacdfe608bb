using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>Everything that waits for a human, the gravest first. Empty is the normal state.</summary>
public static class AttentionList
{
    /// <summary>A job that ended badly is told for as long as a weekend and a bit.</summary>
    private static readonly TimeSpan _newsFor = TimeSpan.FromDays(3);

    public static ImmutableArray<AttentionItem> Of(IEnumerable<JobSummary> jobs, IEnumerable<AlertView> alerts, IEnumerable<SeriesDetails> series, string? recovered, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        var open = alerts.Where(alert => alert is { ResolvedAt: null, DismissedAt: null }).ToList();
        return
        [
            .. recovered is null ? Array.Empty<AttentionItem>() :
                [new("Recovered mode: nothing is rented or destroyed", recovered + ". Look, then type: orchestrator recover --confirm", null, null, AttentionAct.None)],
            .. open.Where(alert => !alert.CanBeDismissed).Select(Alert),
            .. jobs.Where(job => job.State == "paused").Select(job => new AttentionItem($"{job.Name} #{job.Id} is paused", job.Reason, job.Since, job.Id, BudgetPause.Is(job) ? AttentionAct.Raise : AttentionAct.Resume)),
            .. jobs.Where(job => job.State is "failed" or "deadline-missed" && now - job.Since < _newsFor)
                .Select(job => new AttentionItem($"{job.Name} #{job.Id} {(job.State == "failed" ? "failed" : "missed its deadline")}", job.Reason, job.Since, job.Id, AttentionAct.Look)),
            .. series.Where(one => one is { Trouble: not null, StoppedAt: null }).Select(one => new AttentionItem($"{one.Name} ({one.Id}) could not be submitted", one.Trouble!, null, null, AttentionAct.None)),
            .. open.Where(alert => alert.CanBeDismissed).Select(Alert),
        ];
    }

    private static AttentionItem Alert(AlertView alert) =>
        new(Title(alert.Kind), alert.Text, alert.At, alert.Job, alert.CanBeDismissed ? AttentionAct.Dismiss : AttentionAct.None) { Alert = alert.Id };

    /// <summary><c>forgotten-instance</c> to <c>Forgotten instance</c>.</summary>
    private static string Title(string kind) => kind.Length == 0 ? "Alert" : char.ToUpperInvariant(kind[0]) + kind[1..].Replace('-', ' ');
}
