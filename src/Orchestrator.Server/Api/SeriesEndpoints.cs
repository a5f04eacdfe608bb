using Orchestrator.Server.Desk;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Api;

/// <summary>Series: specs with <c>schedule.cron</c>. Their runs are jobs.</summary>
internal static class SeriesEndpoints
{
    internal static void MapSeries(this IEndpointRouteBuilder api)
    {
        api.MapGet("/series", async (ISeriesDesk desk, CancellationToken cancellation) => JobEndpoints.Json(await desk.ListAsync(cancellation)));
        api.MapGet("/series/{series}", async (string series, ISeriesDesk desk, CancellationToken cancellation) => JobEndpoints.Json(await desk.FindAsync(series, cancellation)));
        api.MapPost("/series/{series}/cancel", async (string series, ISeriesDesk desk, HttpContext context) =>
            JobEndpoints.Json(await desk.StopAsync(series, JobEndpoints.By(context), context.RequestAborted))).ForOperators();
    }
}
