using System.Globalization;
using Microsoft.AspNetCore.Authorization;
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
        routes.MapPost(Addresses.Forms + "/{id:long}/{command}", RunAsync).RequireAuthorization(ForOperators);
        routes.MapPost(Addresses.Forms + "/alerts/{id:long}/dismiss", DismissAsync).RequireAuthorization(ForOperators);
    }

    private static async Task<IResult> RunAsync(long id, string command, IJobReader reader, IJobCommands commands, HttpContext context)
    {
        var found = await JobEndpoints.FindAsync(reader, id.ToString(CultureInfo.InvariantCulture), context.RequestAborted);
        var job = new JobRef(found.Id, found.Name);
        var by = JobEndpoints.By(context);
        try
        {
            _ = command switch
            {
                "cancel" => await commands.CancelAsync(job, by, now: false, context.RequestAborted),
                "pause" => await commands.PauseAsync(job, by, context.RequestAborted),
                "resume" => await commands.ResumeAsync(job, null, by, context.RequestAborted),
                "save" => await commands.SaveAsync(job, by, context.RequestAborted),
                _ => throw new DeskException(Refusal.NotFound, "there is no such command", "go back to the job's page"),
            };
        }
        catch (DeskException refused) when (refused.Refusal == Refusal.Policy)
        {
            // A person pressed a button and reads this in a browser.
            return TypedResults.Text($"{refused.Message}\n{refused.WhatToDo}\n\nNothing was changed; go back to the page with your browser.\n", "text/plain", statusCode: StatusCodes.Status409Conflict);
        }

        return Back(context, Addresses.Job(id));
    }

    private static async Task<IResult> DismissAsync(long id, ISystemDesk system, HttpContext context)
    {
        await system.DismissAlertAsync(id, JobEndpoints.By(context), context.RequestAborted);
        return Back(context, Addresses.Of(Addresses.Attention));
    }

    private static void ForOperators(AuthorizationPolicyBuilder policy) => policy.RequireAssertion(context => Roles.MayChange(context.User));

    /// <summary>303: the browser asks for the page with GET, and a reload does not send the form again.</summary>
    private static IResult Back(HttpContext context, string address)
    {
        context.Response.Headers.Location = address;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
