using Orchestrator.Server.Api;
using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Dashboard;

/// <summary>The buttons of the Job page: plain forms, so that they work without JavaScript. The antiforgery check came before.</summary>
internal static class JobForms
{
    internal static async Task<IResult> RunAsync(long id, string command, IJobReader reader, IJobCommands commands, HttpContext context)
    {
        var found = await JobEndpoints.FindAsync(reader, id.ToString(System.Globalization.CultureInfo.InvariantCulture), context.RequestAborted);
        var job = new JobRef(found.Id, found.Name);
        var by = JobEndpoints.By(context);
        _ = command switch
        {
            "cancel" => await commands.CancelAsync(job, by, now: false, context.RequestAborted),
            "pause" => await commands.PauseAsync(job, by, context.RequestAborted),
            "resume" => await commands.ResumeAsync(job, null, by, context.RequestAborted),
            "save" => await commands.SaveAsync(job, by, context.RequestAborted),
            _ => throw new DeskException(Refusal.NotFound, "there is no such command", "go back to the job's page"),
        };
        // 303: the browser asks for the page with GET, and a reload does not send the form again.
        context.Response.Headers.Location = $"{DashboardSetup.Path}{DashboardSetup.Jobs}/{id}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
