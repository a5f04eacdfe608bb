using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Dashboard;

/// <summary>What the buttons of our pages are sent to. The antiforgery check came before.</summary>
internal static class JobForms
{
    internal static void MapForms(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Addresses.Forms + "/{id:long}/{command}", RunAsync).ForOperators();
        routes.MapPost(Addresses.Forms + "/alerts/{id:long}/dismiss", DismissAsync).ForOperators();
        routes.MapBatchForms();
    }

    private static Task<IResult> RunAsync(long id, string command, IJobReader reader, IJobCommands commands, HttpContext context) => FormReplies.RunAsync(context, Addresses.Job(id), async () =>
    {
        var found = await JobEndpoints.FindAsync(reader, id.ToString(CultureInfo.InvariantCulture), context.RequestAborted);
        var (job, by) = (new JobRef(found.Id, found.Name), JobEndpoints.By(context));
        _ = command switch
        {
            "cancel" => await commands.CancelAsync(job, by, now: false, context.RequestAborted),
            "pause" => await commands.PauseAsync(job, by, context.RequestAborted),
            "resume" => await commands.ResumeAsync(job, await FormReplies.AmountAsync(context, "budget"), by, context.RequestAborted),
            "save" => await commands.SaveAsync(job, by, context.RequestAborted),
            _ => throw FormReplies.NoSuchCommand(),
        };
    });

    private static async Task<IResult> DismissAsync(long id, ISystemDesk system, HttpContext context)
    {
        await system.DismissAlertAsync(id, JobEndpoints.By(context), context.RequestAborted);
        return FormReplies.Back(context, Addresses.Of(Addresses.Attention));
    }
}
