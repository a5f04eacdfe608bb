using Orchestrator.Server.Desk;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Api;

/// <summary>Rehearsals. To end one early, cancel its job.</summary>
internal static class RehearsalEndpoints
{
    private const decimal Most = 10_000;

    internal static void MapRehearsals(this IEndpointRouteBuilder api)
    {
        api.MapPost("/rehearsals", async (RehearseRequest request, IRehearsalDesk desk, HttpContext context) =>
        {
            JobEndpoints.Check(request.Spec);
            return request.Max is > 0 and <= Most
                ? JobEndpoints.Json(await desk.BeginAsync(request, JobEndpoints.By(context), context.RequestAborted))
                : throw new DeskException(Refusal.BadRequest, "what a rehearsal may cost is not between $0 and $10,000", "give dollars, for example --max 0.20");
        }).ForOperators();
        api.MapPost("/rehearsals/stamp", async (SubmitRequest spec, IRehearsalDesk desk, CancellationToken cancellation) =>
        {
            JobEndpoints.Check(spec);
            return JobEndpoints.Json(await desk.StampAsync(spec, cancellation));
        }).ForOperators();
        api.MapGet("/rehearsals/{job:long}", async (long job, IRehearsalDesk desk, CancellationToken cancellation) => JobEndpoints.Json(await desk.FindAsync(job, cancellation)));
    }
}
