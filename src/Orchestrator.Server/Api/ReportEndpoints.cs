using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Api;

/// <summary>What a weekend came to.</summary>
internal static class ReportEndpoints
{
    internal static void MapReports(this IEndpointRouteBuilder api)
    {
        api.MapGet("/report", async (DateTimeOffset? from, DateTimeOffset? to, string? zone, IReportDesk desk, CancellationToken cancellation) =>
            JobEndpoints.Json(await desk.WeekendAsync(from, to, zone, cancellation)));
        api.MapGet("/jobs/{job}/data-residency", async (string job, IJobReader reader, IReportDesk desk, CancellationToken cancellation) =>
            JobEndpoints.Json(await desk.ResidencyAsync((await JobEndpoints.FindAsync(reader, job, cancellation)).Id, cancellation)));
    }
}
