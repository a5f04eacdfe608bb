using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;

namespace Orchestrator.Server.Desk;

/// <summary>Reports from the books.</summary>
public sealed class EngineReportDesk(ReportReader reader, JobQueries queries, ServeOptions serve) : IReportDesk
{
    public async Task<ReportReply> WeekendAsync(DateTimeOffset? from, DateTimeOffset? to, string? zone, CancellationToken cancellation)
    {
        var within = zone is null ? serve.Configuration.Zone
            : Calendar.Zone(zone) ?? throw new DeskException(Refusal.BadRequest, $"there is no time zone \"{Views.Clean.Line(zone, 60)}\"", "give an IANA name, for example Europe/Paris");
        return ReportReplies.Make(await reader.ReportAsync(now => Period(from, to, within, now), cancellation));
    }

    public async Task<DataResidency> ResidencyAsync(long job, CancellationToken cancellation)
    {
        var id = new JobId(job);
        // The events first: what comes in between is then in the state alone, and nothing is told of it yet.
        var history = await queries.HistoryAsync(id, cancellation);
        var detail = await queries.ShowAsync(id, cancellation) ?? throw new DeskException(Refusal.NotFound, $"there is no job {job}", "orchestrator jobs --all lists them");
        var spec = StoredSpec.Parse(detail.SpecJson);
        var hosts = Engine.Reports.DataHost.Of(detail.State, history);
        return new(
            job, detail.State.Name, spec.Spec.Sensitive, [.. Sent(spec.Spec)], spec.Store,
            [.. hosts.Select(host => new Api.DataHost(host.Attempt, host.Provider, host.Host, host.Instance, host.Country, host.IsOwn, host.From, host.Until, host.Wiped, [.. host.Known.Select(word => new Api.DataWord(word.At, word.Text))]))],
            detail.State.Attempts.Count(attempt => attempt.InstanceId is not null) - hosts.Count(host => detail.State.Attempts[host.Attempt - 1].InstanceId is not null));
    }

    /// <summary>What follows a question mark in a URL may let anybody in.</summary>
    private static IEnumerable<string> Sent(JobSpec spec)
    {
        if (spec.Code is { } code)
        {
            yield return $"code from {Bare(code.Folder ?? code.Git ?? "a folder")}";
        }

        foreach (var mount in spec.Data)
        {
            yield return $"{mount.To} from {Bare(mount.From)}";
        }
    }

    private static string Bare(string from)
    {
        var plain = from.Split('?')[0];
        // Nor is a login in front of a host's name anybody's business.
        return plain.Split("://") is [var scheme, var rest] && rest.Split('/')[0].LastIndexOf('@') is >= 0 and var at ? $"{scheme}://{rest[(at + 1)..]}" : plain;
    }

    private static ReportPeriod Period(DateTimeOffset? from, DateTimeOffset? to, TimeZoneInfo zone, DateTimeOffset now)
    {
        // What is to come is in no book.
        var until = to < now ? to : null;
        var weekend = ReportPeriod.Weekend(until ?? now, zone);
        var period = new ReportPeriod(from ?? weekend.From, until ?? (from is null && to is null ? weekend.To : now));
        return period.From < period.To ? period
            : throw new DeskException(Refusal.BadRequest, $"the report would begin at {period.From:u} and end at {period.To:u}", "give a --from that is before --to, both in the past");
    }
}
