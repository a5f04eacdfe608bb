using System.Collections.Immutable;
using Orchestrator.Engine.Reports;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>A report as the API gives it.</summary>
internal static class ReportReplies
{
    internal static ReportReply Make(Report report)
    {
        var names = report.Batches.ToDictionary(batch => batch.Id, batch => batch.Name);
        return new()
        {
            From = report.Period.From,
            To = report.Period.To,
            At = report.Now,
            Counts = new(
                report.Count(JobPhase.Succeeded), report.Count(JobPhase.Failed, JobPhase.DeadlineMissed), report.Count(JobPhase.Cancelled), report.Count(JobPhase.Active, JobPhase.Recovering),
                report.Count(JobPhase.Pending, JobPhase.Scheduled, JobPhase.Waiting), report.Count(JobPhase.Paused)),
            Spent = Parts(report.Spent),
            Allowed = report.Allowed?.Dollars,
            OnDemand = report.OnDemand is { } figure
                ? new(figure.Compared > 0 ? figure.Cost.Dollars : null, figure.Instead.Dollars, figure.Compared, figure.Unknown, OnDemandFigure.How)
                : null,
            Providers = [.. report.Providers.Select(share => new ReportProvider(share.Provider, Parts(share.Spent), share.Hosts, share.NeverBooted))],
            Interruptions = Interruptions(report.Interruptions),
            Jobs =
            [
                .. report.Jobs.Select(job => new ReportJob(
                    job.Id.Value, job.Name, job.Batch is { } batch ? names.GetValueOrDefault(batch) : null, job.Cell, job.Phase == JobPhase.None ? "unknown" : Words.Of(job.Phase), job.Reason, job.IsRehearsal,
                    Parts(job.Spent), Interruptions(job.Interruptions))),
            ],
            Batches = [.. report.Batches.Select(batch => Batch(batch, report.Jobs))],
            Banned = [.. report.Banned.Select(ban => new ReportBan(ban.Host, ban.By, ban.Reason, ban.Until))],
            Left = [.. report.Places.Select(place => new ReportPlace(place.Provider, place.CheckedAt, place.Live, place.Owed, place.Orphans))],
            Orphans = report.Orphans,
            OrphanCost = report.OrphanCost.Dollars,
            Alerts = report.Alerts,
            Unreadable = report.Unreadable,
            Advice = report.Advice,
        };
    }

    private static ReportBatch Batch(ReportedBatch batch, ImmutableArray<ReportedJob> jobs) => new(
        batch.Name, batch.Jobs, batch.Done, batch.Failed, batch.Live, Parts(batch.Spent), batch.Budget?.Dollars,
        batch.Best is { } best && jobs.First(job => job.Id.Value == best.Job) is var job ? new(best.Metric, best.IsLeast, best.Value, best.Job, job.Name, job.Cell) : null);

    private static CostParts Parts(Spend spend) => new(
        spend.Total.Dollars, spend.Compute.Dollars, spend.Disk.Dollars, spend.Moves.Dollars, spend.LostWork.Dollars, spend.NeverBooted.Dollars);

    private static ReportInterruptions Interruptions(InterruptionCount count) => new(count.Count, Math.Round(count.Lost.TotalMinutes, 1), Math.Round(count.Away.TotalMinutes, 1));
}
