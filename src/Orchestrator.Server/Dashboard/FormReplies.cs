using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Dashboard;

/// <summary>How a form of our pages is answered: back to the page it came from, or in plain words.</summary>
internal static class FormReplies
{
    internal static async Task<IResult> RunAsync(HttpContext context, string back, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (DeskException refused) when (refused.Refusal is Refusal.Policy or Refusal.BadRequest)
        {
            // A person pressed a button and reads this in a browser.
            return TypedResults.Text(
                $"{refused.Message}\n{refused.WhatToDo}\n\nNothing was changed; go back to the page with your browser.\n", "text/plain",
                statusCode: refused.Refusal == Refusal.Policy ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity);
        }

        return Back(context, back);
    }

    /// <summary>303: the browser asks for the page with GET, and a reload does not send the form again.</summary>
    internal static IResult Back(HttpContext context, string address)
    {
        context.Response.Headers.Location = address;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Dollars; null = the field is not there, or empty.</summary>
    internal static async Task<decimal?> AmountAsync(HttpContext context, string field)
    {
        var text = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))[field].ToString().Trim() : "";
        if (text.Length == 0)
        {
            return null;
        }

        if (!decimal.TryParse(text.TrimStart('$'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars))
        {
            throw new DeskException(Refusal.BadRequest, $"\"{Views.Clean.Line(text, 40)}\" is not an amount of money", "give dollars, for example 5 or 7.50");
        }

        JobEndpoints.CheckMoney(dollars, field);
        return dollars;
    }

    internal static DeskException NoSuchCommand() => new(Refusal.NotFound, "there is no such command", "go back to the page");
}
