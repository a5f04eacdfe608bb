using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Recurring;

/// <summary>
/// Settles instants of series that have come. One that was missed is made up for once, however many were; one that comes while the run
/// before has not ended is skipped; one that cannot be submitted is tried until it can, or until the next has come.
/// </summary>
public sealed class SeriesFirer(SeriesStore series, JobService jobs, AlertStore alerts, EngineOptions options, ILogger<SeriesFirer> log)
{
    /// <returns>False where nothing is due.</returns>
    public async Task<bool> FireOneAsync(CancellationToken cancellation)
    {
        if (await series.ClaimAsync(options.SeriesLease, cancellation) is not { } due)
        {
            return false;
        }

        if (Calendar.Zone(due.Zone) is not { } zone)
        {
            await TroubleAsync(due, due.DueAt, $"this server does not know the time zone {due.Zone}; install tzdata", cancellation);
            return true;
        }

        var at = CronCalendar.Newest(due.Cron, zone, due.DueAt, due.Now);
        var missed = at == due.DueAt ? "" : $"; those from {Words(due.DueAt)} on were missed and are not made up for";
        var firing = new Firing(due.Id, due.DueAt, at, CronCalendar.Next(due.Cron, zone, due.Now), $"submitted{missed}");
        if (due.Live is { } live)
        {
            await SkipAsync(due, firing with { Why = $"skipped, since {live.Job} has not ended ({live.Phase}){missed}" }, live, cancellation);
            return true;
        }

        try
        {
            await SubmitAsync(due, firing, cancellation);
        }
        catch (FiringSettledException)
        {
            log.LogInformation("{Series} {At}: settled by another server, or stopped", due.Id, Words(at));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk, a folder that may not be read: not the spec's fault, but its run does not come, and somebody must hear that.
            await TroubleAsync(due, at, failure.Message, cancellation);
        }

        return true;
    }

    private async Task SubmitAsync(DueSeries due, Firing firing, CancellationToken cancellation)
    {
        var result = await jobs.SubmitRunAsync(due.Request, firing, cancellation);
        if (result.Job is { } job)
        {
            log.LogInformation("{Series} {Name} {At}: job {Job} {Why}", due.Id, due.Name, Words(firing.At), job, firing.Why);
            await alerts.ResolveAsync(AlertKinds.Series, due.Id.ToString(), cancellation);
            return;
        }

        var errors = result.Problems.Where(problem => problem.Severity == Severity.Error).Select(problem => ProblemPrinter.Line(due.Request.FileName, problem)).ToList();
        await TroubleAsync(due, firing.At, errors.Count == 0 ? "the spec names what this server cannot do" : string.Join("; ", errors), cancellation);
    }

    private async Task SkipAsync(DueSeries due, Firing firing, LiveRun live, CancellationToken cancellation)
    {
        if (await series.SkipAsync(firing, cancellation))
        {
            await TellAsync(due, $"the run of {Words(firing.At)} is {firing.Why}: `orchestrator show {live.Job}` says what it does", cancellation);
        }
    }

    private async Task TroubleAsync(DueSeries due, DateTimeOffset at, string what, CancellationToken cancellation)
    {
        var text = $"the run of {Words(at)} cannot be submitted: {what}";
        if (await series.TroubleAsync(due.Id, due.DueAt, text, options.SeriesLease, cancellation))
        {
            await TellAsync(due, $"{text} (it is tried again until it can, or until the next is due)", cancellation);
        }
    }

    private async Task TellAsync(DueSeries due, string what, CancellationToken cancellation)
    {
        var text = $"{due.Id} {due.Name}: {what}";
        if (await alerts.RaiseAsync(AlertKinds.Series, due.Id.ToString(), text, cancellation))
        {
            log.LogWarning("{Alert}", text);
        }

        // Whoever stops a series settles its alert, and may have done so before this one was raised.
        if (await series.FindAsync(due.Id, cancellation) is not { StoppedAt: null })
        {
            await alerts.ResolveAsync(AlertKinds.Series, due.Id.ToString(), cancellation);
        }
    }

    private static string Words(DateTimeOffset at) => FormattableString.Invariant($"{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
}
