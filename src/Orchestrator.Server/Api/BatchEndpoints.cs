using Orchestrator.Server.Desk;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Api;

/// <summary>Batches: jobs that were submitted as one.</summary>
internal static class BatchEndpoints
{
    internal static void MapBatches(this IEndpointRouteBuilder api)
    {
        api.MapGet("/batches/{batch}", async (string batch, IBatchDesk desk, CancellationToken cancellation) => JobEndpoints.Json(await desk.FindAsync(batch, cancellation)));
        api.MapPost("/batches/{batch}/cancel", async (string batch, IBatchDesk desk, HttpContext context) =>
            JobEndpoints.Json(await desk.CancelAsync(batch, JobEndpoints.By(context), context.RequestAborted))).ForOperators();
        api.MapPost("/batches/{batch}/pause", async (string batch, IBatchDesk desk, HttpContext context) =>
            JobEndpoints.Json(await desk.PauseAsync(batch, JobEndpoints.By(context), context.RequestAborted))).ForOperators();
        api.MapPost("/batches/{batch}/resume", async (string batch, IBatchDesk desk, HttpContext context) =>
            JobEndpoints.Json(await desk.ResumeAsync(batch, JobEndpoints.By(context), context.RequestAborted))).ForOperators();
        api.MapPost("/batches/{batch}/retry", async (string batch, RetryRequest? request, IBatchDesk desk, HttpContext context) =>
        {
            request ??= new();
            JobEndpoints.CheckSets(request.Sets);
            return JobEndpoints.Json(await desk.RetryAsync(batch, request, JobEndpoints.By(context), context.RequestAborted));
        }).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(JobEndpoints.LargestRequest)).ForOperators();
        api.MapPost("/batches/{batch}/budget", async (string batch, BatchRequest request, IBatchDesk desk, HttpContext context) =>
        {
            JobEndpoints.CheckMoney(request.Budget, "budget");
            return JobEndpoints.Json(await desk.SetBudgetAsync(batch, request.Budget, JobEndpoints.By(context), context.RequestAborted));
        }).ForOperators();
    }
}
