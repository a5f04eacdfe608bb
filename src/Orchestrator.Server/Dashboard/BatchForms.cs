using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Dashboard;

/// <summary>What the buttons of a batch's page are sent to.</summary>
internal static class BatchForms
{
    internal static void MapBatchForms(this IEndpointRouteBuilder routes) => routes.MapPost(Addresses.Forms + "/batches/{id:long}/{command}", RunAsync).ForOperators();

    private static Task<IResult> RunAsync(long id, string command, IBatchDesk desk, HttpContext context) => FormReplies.RunAsync(context, Addresses.Batch(id), async () =>
    {
        // By its number: another one may have the name by now.
        var (batch, by) = ("#" + id.ToString(CultureInfo.InvariantCulture), JobEndpoints.By(context));
        _ = command switch
        {
            "cancel" => await desk.CancelAsync(batch, by, context.RequestAborted),
            "pause" => await desk.PauseAsync(batch, by, context.RequestAborted),
            "resume" => await desk.ResumeAsync(batch, by, context.RequestAborted),
            "budget" => await desk.SetBudgetAsync(batch, await FormReplies.AmountAsync(context, "budget") ?? throw new DeskException(Refusal.BadRequest, "no amount was given", "give dollars, for example 5"), by, context.RequestAborted),
            _ => throw FormReplies.NoSuchCommand(),
        };
    });
}
