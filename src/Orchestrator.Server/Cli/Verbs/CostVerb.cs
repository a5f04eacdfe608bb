using System.CommandLine;
using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>cost</c>: where the money went, and what the providers' bills say.</summary>
internal static class CostVerb
{
    internal static Command Create(Terminal terminal)
    {
        var job = new Option<string?>("--job") { Description = "Only this job, with each of its instances", HelpName = "JOB" };
        var since = Verb.Since("Only instances that were there then or later, each whole");
        return Verb.Create("cost", "Say where the money went, and what the providers' bills say (--json: amounts in dollars)", terminal, Verb.Show<CostReply>(
            context => "cost" + Query(context.Parsed.GetValue(job), Verb.SinceOf(context, since)),
            (context, cost) => CostView.Lines(cost, terminal.Width, terminal.Paint, context.Now, terminal.Zone)), job, since);
    }

    private static string Query(string? job, DateTimeOffset? since)
    {
        string?[] parts =
        [
            job is null ? null : "job=" + Uri.EscapeDataString(job.TrimStart('#')),
            since is { } moment ? "since=" + Uri.EscapeDataString(moment.ToString("o", CultureInfo.InvariantCulture)) : null,
        ];
        var given = string.Join('&', parts.OfType<string>());
        return given.Length > 0 ? "?" + given : "";
    }
}
